// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one search asks for, as all its parts see it; the pointers live as long as the search.</summary>
/// <remarks>
/// The rows are passed over from <see cref="Start"/> to <see cref="End"/>: by their positions or, where only some are
/// listed, by their places in the list.
/// </remarks>
internal readonly unsafe struct ScanRequest(
    ScanBlock* blocks,
    int blockCount,
    Metric metric,
    int dimension,
    float* queries,
    int k,
    int* members = null,
    int memberCount = 0)
{
    private const long CacheBytes = 32 << 20;

    public readonly Metric Metric = metric;
    public readonly int Dimension = dimension;
    public readonly int NeighborCount = k;

    /// <summary>The positions of the rows to compare with, ascending; null where those are all.</summary>
    public readonly int* Members = members;

    public int BlockCount => blockCount;

    /// <summary>True where the rows are few enough to stay in a processor's cache from one pass to the next.</summary>
    public bool FitsCache => sizeof(float) * (long)Dimension * (End - Start) <= CacheBytes;

    /// <summary>Where the first row is.</summary>
    public int Start => Members == null ? blocks[0].Position : 0;

    /// <summary>Where the rows end.</summary>
    public int End => Members == null
        ? blocks[blockCount - 1].Position + blocks[blockCount - 1].Count
        : memberCount;

    /// <summary>The term in the middle of those of three rows; NaN where one is not to be trusted.</summary>
    public float MedianTerm => Selection.Median(Term(Start), Term(Start + ((End - Start) / 2)), Term(End - 1));

    public float* Query(int query) => queries + (nint)query * Dimension;

    /// <summary>Asks the same of other queries.</summary>
    public ScanRequest With(float* others) =>
        new(blocks, blockCount, Metric, Dimension, others, NeighborCount, Members, memberCount);

    /// <summary>Gives some of the queries, [n, d].</summary>
    public float[] CopyQueries(List<int> chosen)
    {
        var copy = new float[chosen.Count * Dimension];
        for (int i = 0; i < chosen.Count; i++)
            new ReadOnlySpan<float>(Query(chosen[i]), Dimension).CopyTo(copy.AsSpan(i * Dimension));
        return copy;
    }

    public ScanBlock* Block(int index) => blocks + index;

    public float* Row(int position)
    {
        ScanBlock* block = blocks + Locate(position);
        return block->Rows + (nint)(position - block->Position) * Dimension;
    }

    /// <summary>Gives the term of the row at a place from <see cref="Start"/> to before <see cref="End"/>.</summary>
    public float Term(int place)
    {
        int position = Members == null ? place : Members[place];
        ScanBlock* block = blocks + Locate(position);
        return block->Terms[position - block->Position];
    }

    public long Id(int position)
    {
        ScanBlock* block = blocks + Locate(position);
        return block->Ids[position - block->Position];
    }

    /// <summary>Gives the index of the block that holds a position; empty blocks hold none.</summary>
    public int Locate(int position) =>
        ScanBlock.Locate(new ReadOnlySpan<ScanBlock>(blocks, blockCount), position);

    public static bool IsLive(ScanBlock* block, int row) =>
        (block->Removed == null || (block->Removed[row >> 6] >> (row & 63) & 1) == 0)
        && (block->RemovedAt == null || block->RemovedAt[row] > block->Version);
}
