// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Tells which searches are faster where rows and queries are multiplied in pairs.</summary>
internal static class StrassenRange
{
    private const int LeastQueries = 256; // with fewer the sums cost what the eighth product would
    private const int LeastDimension = 128;
    private const int MostDimension = 2048; // beyond it scores are blurred more than neighbours differ

    /// <summary>Says whether so many queries of a length are in it.</summary>
    public static bool Has(int queryCount, int dimension) =>
        queryCount >= LeastQueries && dimension is >= LeastDimension and <= MostDimension && dimension % 2 == 0;
}
