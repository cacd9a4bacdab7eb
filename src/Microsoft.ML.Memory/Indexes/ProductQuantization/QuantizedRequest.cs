// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one search by codes asks for.</summary>
/// <param name="Quantizer">The codebooks; null where there are no codes, and vectors are compared.</param>
/// <param name="Blocks">The rows, in the order of their positions; none of the blocks is empty.</param>
/// <param name="Dimension">Length d of a vector.</param>
/// <param name="Metric">How far apart two vectors are.</param>
/// <param name="NeighborCount">Neighbours of a query, in [1, number of rows].</param>
/// <param name="CandidateCount">Rows to choose by their codes; 0 compares all rows.</param>
/// <param name="Filter">Which ids may be neighbours; null lets all.</param>
/// <param name="Width">How to look up codes.</param>
internal sealed record QuantizedRequest(
    ProductQuantizer? Quantizer,
    ScanBlock[] Blocks,
    int Dimension,
    Metric Metric,
    int NeighborCount,
    int CandidateCount,
    Func<long, bool>? Filter,
    QuantizedWidth Width)
{
    /// <summary>Gives the candidates to choose among some rows, 0 where all are to be compared.</summary>
    /// <param name="k">Neighbours that are asked for.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="settings">Their candidates for a neighbour.</param>
    /// <param name="options">Their number of candidates, where they have one.</param>
    public static int CandidatesOf(int k, int count, QuantizedSettings settings, SearchOptions options)
    {
        long candidates = Math.Max(k, options.CandidateCount ?? (long)k * settings.CandidateFactor);
        return candidates >= count ? 0 : (int)candidates;
    }

    /// <summary>Gives the index of the block that holds a position.</summary>
    public int Locate(int position) => ScanBlock.Locate(Blocks, position);
}
