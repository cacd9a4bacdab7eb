// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What the inspector keeps of a deployment.</summary>
internal sealed class Inspection
{
    private volatile PictureShape? _shape;
    private volatile bool _isWithoutShape;
    private volatile Analysis? _analysis;

    /// <summary>How vectors are read as pixels; null where they are not, or before that was asked for.</summary>
    public PictureShape? Shape
    {
        get => _shape;
        set => _shape = value;
    }

    /// <summary>Whether vectors were found to be no pixels; false before that was asked for.</summary>
    public bool IsWithoutShape
    {
        get => _isWithoutShape;
        set => _isWithoutShape = value;
    }

    /// <summary>The latest analysis; null where there is none.</summary>
    public Analysis? Analysis
    {
        get => _analysis;
        set => _analysis = value;
    }
}
