// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What the inspector keeps of a deployment.</summary>
internal sealed class Inspection
{
    private volatile PictureShape? _shape;

    /// <summary>How vectors are read as pixels; null before that was asked for.</summary>
    public PictureShape? Shape
    {
        get => _shape;
        set => _shape = value;
    }
}
