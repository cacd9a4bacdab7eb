// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>A low-rank correction of what an attention reads from codes: of their keys and of their values.</summary>
/// <remarks>
/// <para>Key of code j: E(j) + s · KeyUp · Down · E(j), s = alpha / rank. Votes P of the attention a become
/// P(c) · exp(s · ValueUp(c) · u), divided by their sum, u = sum of a(j) · Down · E(j). Both share Down. With both Ups
/// at zero, as they start, nothing changes.</para>
/// <para>Immutable, so safe for concurrent use.</para>
/// </remarks>
internal sealed class CodeCorrection
{
    /// <param name="down">[rank, d].</param>
    /// <param name="keyUp">[k, rank], k the length of a key.</param>
    /// <param name="valueUp">[c, rank]; classes that come later have no row, and no correction.</param>
    /// <param name="rank">Rank, at least 1.</param>
    /// <param name="alpha">What the correction is scaled by, before it is divided by the rank.</param>
    public CodeCorrection(float[] down, float[] keyUp, float[] valueUp, int rank, double alpha)
    {
        Down = down;
        KeyUp = keyUp;
        ValueUp = valueUp;
        Rank = rank;
        Alpha = alpha;
    }

    public float[] Down { get; }

    public float[] KeyUp { get; }

    public float[] ValueUp { get; }

    public int Rank { get; }

    public double Alpha { get; }

    /// <summary>alpha / rank.</summary>
    public float Scale => (float)(Alpha / Rank);

    /// <summary>Says whether all numbers are finite, and those that they make of codes.</summary>
    public bool IsFinite(Codebook codebook) => TensorPrimitives.IsFiniteAll<float>(Down)
        && TensorPrimitives.IsFiniteAll<float>(KeyUp)
        && TensorPrimitives.IsFiniteAll<float>(ValueUp)
        && FindOverflow(codebook) is null;

    /// <summary>Finds a code whose corrected key, or inner form, is not finite; null where all are.</summary>
    public int? FindOverflow(Codebook codebook)
    {
        float[] inner = new float[Rank];
        float[] key = new float[KeyUp.Length / Rank];
        for (int code = 0; code < codebook.Count; code++)
        {
            codebook.CodeAt(code).CopyTo(key);
            BringDown(codebook.CodeAt(code), inner);
            AddTo(inner, key);
            if (!TensorPrimitives.IsFiniteAll<float>(inner) || !TensorPrimitives.IsFiniteAll<float>(key)) return code;
        }

        return null;
    }

    /// <summary>Brings a code down.</summary>
    /// <param name="code">[d].</param>
    /// <param name="inner">Receives [rank].</param>
    public void BringDown(ReadOnlySpan<float> code, Span<float> inner)
    {
        for (int index = 0; index < Rank; index++)
            inner[index] = TensorPrimitives.Dot(code, Down.AsSpan(index * code.Length, code.Length));
    }

    /// <summary>Adds the correction to the key of a code.</summary>
    /// <param name="inner">[rank] the code, brought down.</param>
    /// <param name="key">[k], changed.</param>
    public void AddTo(ReadOnlySpan<float> inner, Span<float> key)
    {
        for (int index = 0; index < key.Length; index++)
            key[index] += Scale * TensorPrimitives.Dot(inner, KeyUp.AsSpan(index * Rank, Rank));
    }

    /// <summary>Corrects the votes of an attention.</summary>
    /// <param name="mean">[rank] the codes, brought down, in the mean of the attention.</param>
    /// <param name="votes">[c], summing to 1 before and after.</param>
    public void Correct(ReadOnlySpan<double> mean, Span<double> votes)
    {
        double largest = double.NegativeInfinity;
        for (int label = 0; label < votes.Length; label++)
        {
            if (votes[label] > 0) largest = Math.Max(largest, ShiftOf(label, mean));
        }

        double sum = 0;
        for (int label = 0; label < votes.Length; label++)
        {
            // Of the classes with votes, the one with the largest shift keeps them, so that the sum cannot vanish.
            if (votes[label] > 0) votes[label] *= Math.Exp(ShiftOf(label, mean) - largest);
            sum += votes[label];
        }

        foreach (ref double vote in votes) vote /= sum;
    }

    private double ShiftOf(int label, ReadOnlySpan<double> mean)
    {
        if ((label + 1) * Rank > ValueUp.Length) return 0;
        double shift = 0;
        for (int index = 0; index < Rank; index++) shift += ValueUp[(label * Rank) + index] * mean[index];
        return Scale * shift;
    }
}
