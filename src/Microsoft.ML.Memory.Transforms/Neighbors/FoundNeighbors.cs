// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The neighbours of a block's rows: those a search found but a row's own, and none too far away.</summary>
/// <remarks>Belongs to one thread at a time; its memory is reused from block to block.</remarks>
internal sealed class FoundNeighbors
{
    private const int Nobody = int.MaxValue;

    private readonly BankSnapshot _bank;
    private readonly StoredRows _rows;
    private readonly int _neighborCount;
    private readonly int? _searchedCount;
    private readonly float _largestDistance;
    private readonly SearchOptions _search;
    private readonly ClassSearch? _groups;
    private readonly NeighborTable _found = new();
    private int[] _counts = [];
    private int[] _skipped = []; // rank of the row's own entry
    private long _likelyCount; // neighbours of a row: of the last block's, at first all there are

    public FoundNeighbors(NearestNeighborsTransformer transformer, int threadCount)
    {
        _bank = transformer.Bank;
        _rows = transformer.Rows;
        _neighborCount = transformer.Options.NeighborCount ?? int.MaxValue;
        _searchedCount = transformer.SearchedCount;
        _largestDistance = transformer.Options.LargestDistance ?? float.PositiveInfinity;
        _search = new SearchOptions { ThreadCount = threadCount };
        _groups = _rows.Groups is null ? null : new ClassSearch(_bank, threadCount);
        _likelyCount = _bank.Count;
    }

    /// <summary>Makes room for blocks of up to <paramref name="rows"/> rows.</summary>
    public void Reserve(int rows)
    {
        _counts = new int[rows];
        _skipped = new int[rows];
    }

    /// <summary>
    /// Gives the number of rows that are likely to have so many neighbours together, at least 1; any where each has its
    /// few.
    /// </summary>
    public int RowsWith(int neighbors) => _searchedCount is null
        ? (int)Math.Max(1, neighbors / Math.Max(1, _likelyCount))
        : int.MaxValue;

    /// <summary>Finds the neighbours of a block.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="ownIds">[n] ids that are left out, each for its row; empty where none are.</param>
    /// <param name="groups">[n] labels of the rows' groups; empty where there are no groups.</param>
    public void Find(ReadOnlySpan<float> rows, ReadOnlySpan<long> ownIds, ReadOnlySpan<int> groups)
    {
        Search(rows, groups);
        long foundCount = 0;
        for (int row = 0; row < _found.QueryCount; row++)
        {
            foundCount += _found.CountOf(row);
            int skipped = ownIds.IsEmpty ? -1 : _found.IdsOf(row).IndexOf(ownIds[row]);
            _skipped[row] = skipped < 0 ? Nobody : skipped;
            _counts[row] = Math.Min(_neighborCount, _found.CountOf(row) - (skipped < 0 ? 0 : 1));
            while (_counts[row] > 0 && DistanceOf(row, _counts[row] - 1) > _largestDistance) _counts[row]--;
        }

        _likelyCount = foundCount / Math.Max(1, _found.QueryCount);
    }

    /// <summary>Says whether a row has a group that stored rows have, or there are no groups.</summary>
    public bool HasGroup(int row) => _groups?.HasEntries(row) != false;

    /// <summary>Gives the number of neighbours of a row.</summary>
    public int CountOf(int row) => _counts[row];

    /// <summary>Gives the id of the neighbour of a rank, 0 for the nearest.</summary>
    public long IdOf(int row, int rank) => _found.IdsOf(row)[Found(row, rank)];

    /// <summary>Gives the distance of the neighbour of a rank.</summary>
    public float DistanceOf(int row, int rank) => _found.DistancesOf(row)[Found(row, rank)];

    /// <summary>Gives the slot of the stored values of the neighbour of a rank.</summary>
    public int SlotOf(int row, int rank) =>
        _rows.SlotOf(_bank.EntryAt(_found.PositionsOf(row)[Found(row, rank)]).Sequence);

    private void Search(ReadOnlySpan<float> rows, ReadOnlySpan<int> groups)
    {
        if (_searchedCount is { } count)
        {
            if (_groups is null) _bank.Search(rows, count, _found, _search);
            else _groups.Search(rows, groups, count, _found);
        }
        else if (_groups is null) _bank.RangeSearch(rows, _largestDistance, _found, _search);
        else _groups.RangeSearch(rows, groups, _largestDistance, _found);
    }

    private int Found(int row, int rank) => rank < _skipped[row] ? rank : rank + 1;
}
