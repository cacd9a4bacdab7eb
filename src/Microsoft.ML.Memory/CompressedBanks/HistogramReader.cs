// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Reads a compressed bank by the distance to its codes, each of which votes with all its entries.</summary>
/// <remarks>
/// Score of class k is proportional to the sum over codes j of exp(-gamma |row - code j|^2) n(j, k): what the same
/// sum over all entries would be, each standing where its code does. Cost O(K·d), whatever the number of entries.
/// </remarks>
/// <param name="bank">The bank, with at least one entry.</param>
/// <param name="gamma">How fast a vote fades with the squared distance, at least 0.</param>
internal sealed class HistogramReader(CompressedBank bank, double gamma) : ICodeReader
{
    public int ScratchLength => bank.Codebook.Count;

    public void Read(ReadOnlySpan<float> row, Span<double> scores, Span<double> scratch)
    {
        Span<double> distances = scratch[..bank.Codebook.Count];
        bank.Codebook.Distances(row, distances);
        double nearest = double.PositiveInfinity;
        for (int code = 0; code < distances.Length; code++)
        {
            if (distances[code] < nearest && bank.CountOf(code) > 0) nearest = distances[code];
        }

        scores.Clear();
        double sum = 0;
        for (int code = 0; code < distances.Length; code++)
        {
            // The nearest used code has weight 1, so that the sum cannot vanish.
            double weight = Math.Exp(-gamma * (distances[code] - nearest));
            ReadOnlySpan<long> counts = bank.HistogramOf(code);
            for (int label = 0; label < counts.Length; label++)
            {
                if (counts[label] == 0) continue;
                scores[label] += weight * counts[label];
                sum += weight * counts[label];
            }
        }

        foreach (ref double score in scores) score /= sum;
    }
}
