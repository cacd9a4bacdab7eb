// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Makes one answer of two, found among different entries.</summary>
internal static class NeighborMerge
{
    /// <summary>
    /// Keeps the k nearest of both, equal distances by position, as are those that single precision cannot tell apart.
    /// </summary>
    /// <param name="target">Receives them.</param>
    /// <param name="first">Neighbours of each query.</param>
    /// <param name="second">As many queries' neighbours among later positions.</param>
    /// <param name="k">Neighbours of a query.</param>
    public static void Into(NeighborTable target, NeighborTable first, NeighborTable second, int k)
    {
        target.Reset(first.QueryCount, k);
        target.AddRescored(first.RescoredCount + second.RescoredCount);
        for (int query = 0; query < first.QueryCount; query++)
        {
            NeighborTable.Row row = target.Write(query);
            ReadOnlySpan<float> ours = first.DistancesOf(query);
            ReadOnlySpan<float> theirs = second.DistancesOf(query);
            int a = 0;
            int b = 0;
            while (a + b < k && (a < ours.Length || b < theirs.Length))
            {
                bool takesFirst = b == theirs.Length || (a < ours.Length && ours[a] <= theirs[b]);
                if (takesFirst) Copy(first, query, a++, row, a + b - 1);
                else Copy(second, query, b++, row, a + b - 1);
            }

            row.Count = a + b;
        }
    }

    private static void Copy(NeighborTable source, int query, int rank, NeighborTable.Row row, int place)
    {
        row.Ids[place] = source.IdsOf(query)[rank];
        row.Positions[place] = source.PositionsOf(query)[rank];
        row.Distances[place] = source.DistancesOf(query)[rank];
    }
}
