// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>A low-rank correction of the keys of an attention: key + (alpha / rank) · Up · Down · code.</summary>
/// <remarks>Immutable, so safe for concurrent use. With Up at zero, as it starts, nothing changes.</remarks>
internal sealed class KeyCorrection
{
    /// <param name="down">[rank, d].</param>
    /// <param name="up">[k, rank], k the length of a key.</param>
    /// <param name="rank">Rank, at least 1.</param>
    /// <param name="alpha">What the correction is scaled by, before it is divided by the rank.</param>
    public KeyCorrection(float[] down, float[] up, int rank, double alpha)
    {
        Down = down;
        Up = up;
        Rank = rank;
        Alpha = alpha;
    }

    public float[] Down { get; }

    public float[] Up { get; }

    public int Rank { get; }

    public double Alpha { get; }

    /// <summary>alpha / rank.</summary>
    public float Scale => (float)(Alpha / Rank);

    /// <summary>Adds the correction to the key of a code.</summary>
    /// <param name="code">[d].</param>
    /// <param name="key">[k], changed.</param>
    public void AddTo(ReadOnlySpan<float> code, Span<float> key)
    {
        Span<float> inner = stackalloc float[Rank];
        for (int index = 0; index < Rank; index++)
            inner[index] = Scale * TensorPrimitives.Dot(code, Down.AsSpan(index * code.Length, code.Length));
        for (int index = 0; index < key.Length; index++)
            key[index] += TensorPrimitives.Dot<float>(inner, Up.AsSpan(index * Rank, Rank));
    }
}
