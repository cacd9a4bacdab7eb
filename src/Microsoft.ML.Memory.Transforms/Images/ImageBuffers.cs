// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Room for the pixels of one image, which the next one of any size uses again.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
internal sealed class ImageBuffers
{
    private float[] _plane = [];
    private float[] _narrow = [];
    private float[] _colour = [];

    /// <summary>Gives room for one channel of the source.</summary>
    public Span<float> Plane(int length) => Room(ref _plane, length);

    /// <summary>Gives room for one channel whose rows were resized.</summary>
    public Span<float> Narrow(int length) => Room(ref _narrow, length);

    /// <summary>Gives room for a channel that a grey is made of.</summary>
    public Span<float> Colour(int length) => Room(ref _colour, length);

    private static Span<float> Room(ref float[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new float[length];
        return buffer.AsSpan(0, length);
    }
}
