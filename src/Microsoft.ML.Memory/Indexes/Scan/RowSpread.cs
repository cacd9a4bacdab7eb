// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Tells how far rows lie from each other, beside how far they lie from the origin: it decides how a scan tells them
/// apart.
/// </summary>
/// <remarks>
/// Products, and codes, are off by a share of |m|^2, however near rows are to each other. Around the origin that is
/// next to nothing; of degrees of latitude within a city, or of seconds since 1970, it hides the distances that are
/// asked for. Whatever is decided changes the speed of a search, never its result.
/// </remarks>
internal static unsafe class RowSpread
{
    private const int MostPairs = 8;
    private const int RowsOfPair = 128; // so that to look costs little beside the search

    // Measured on random rows, which are the hardest to tell apart: where the searches after become slower.
    private const double RoundingsOfDistance = 512;
    private const double RoundingsOfFlatDistance = 1 << 15; // in a plane the nearest are far nearer than others
    private const int LeastDimension = 4;
    private const double RoundingsOfReach = 32;
    private const double CodesOfDistance = 1.0 / 16;

    /// <summary>Gives the fastest terms that are not off by too much to tell which rows are nearest.</summary>
    public static ScanTerms TermsOf(ScanSource rows, Metric metric, int dimension, int queryCount)
    {
        bool mayPair = StrassenRange.Has(queryCount, dimension);
        if (!mayPair && metric != Metric.SquaredEuclidean) return ScanTerms.Products;
        double roundings = dimension < LeastDimension ? RoundingsOfFlatDistance : RoundingsOfDistance;
        double told = Of(rows, metric, dimension) / roundings;
        if (mayPair && told >= ScanBound.RoundingOfPairs(dimension)) return ScanTerms.ProductsOfPairs;
        return metric == Metric.SquaredEuclidean && told < ScanBound.RoundingOf(dimension)
            ? ScanTerms.Differences
            : ScanTerms.Products;
    }

    /// <summary>Says whether codes would be off by too much.</summary>
    public static bool IsHiddenFromCodes(ScanSource rows, Metric metric, int dimension) =>
        metric == Metric.SquaredEuclidean && Of(rows, metric, dimension) < CodesOfDistance;

    /// <summary>
    /// Says whether products would let many rows in that are farther away than <paramref name="reach"/>.
    /// </summary>
    public static bool IsHiddenFromProducts(in ScanRequest scan, double reach) =>
        scan.Metric == Metric.SquaredEuclidean
        && reach < RoundingsOfReach * ScanBound.RoundingOf(scan.Dimension) * scan.MedianTerm;

    /// <summary>
    /// Gives a number that |a - b|^2 / |b|^2 does not exceed for most of a few rows a and b, which the cosine takes at
    /// length 1; infinity where there is none, equal rows counting as far apart.
    /// </summary>
    private static double Of(ScanSource rows, Metric metric, int dimension)
    {
        int pairs = Math.Min(MostPairs, rows.RowCount / RowsOfPair);
        if (pairs == 0) return double.PositiveInfinity;
        Span<double> spreads = stackalloc double[pairs];
        float* last = RowAt(rows, 0, dimension);
        for (int pair = 0; pair < pairs; pair++)
        {
            float* next = RowAt(rows, (int)((rows.RowCount - 1L) * (pair + 1) / pairs), dimension);
            double distance = metric == Metric.Cosine
                ? 2 * PairDistance.Of(metric, last, PairDistance.SquaredNorm(last, dimension), next, dimension)
                : PairDistance.Of(Metric.SquaredEuclidean, last, 0, next, dimension);
            double whole = metric == Metric.Cosine ? 1 : PairDistance.SquaredNorm(next, dimension);
            spreads[pair] = distance > 0 ? distance / whole : double.PositiveInfinity;
            last = next;
        }

        spreads.Sort();
        return spreads[pairs / 2];
    }

    private static float* RowAt(ScanSource rows, int place, int dimension)
    {
        int position = rows.Members.IsEmpty ? rows.Blocks[0].Position + place : rows.Members[place];
        ref readonly ScanBlock block = ref rows.Blocks[ScanBlock.Locate(rows.Blocks, position)];
        return block.Rows + ((nint)(position - block.Position) * dimension);
    }
}
