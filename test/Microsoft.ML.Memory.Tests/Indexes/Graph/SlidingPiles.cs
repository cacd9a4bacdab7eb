// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

/// <summary>
/// An index of a few vectors, many times each, whose oldest entries go while new ones come; entry i has vector i mod
/// 300.
/// </summary>
/// <remarks>
/// No vector goes with its last entry, so the graph stays the same but for which entry of a pile is in it, and every
/// search for one of the vectors finds its pile. Entries come and go in the order of their ids, so the bounds say which
/// were there during the whole of a search and which for a part of it.
/// </remarks>
internal sealed class SlidingPiles
{
    private const int Piles = 300;
    private const int Members = 20;
    private const int MostMembers = 24;

    private readonly GraphCase _data = new(Piles, dimension: 8);
    private readonly GraphIndex _index;
    private long _removing;
    private long _removed;
    private long _adding;
    private long _added;

    public SlidingPiles(Metric metric, VectorEncoding encoding)
    {
        _index = new GraphIndex(8, metric, new GraphSettings { Encoding = encoding, BuildCandidateCount = 40 });
        Add(Piles * Members);
    }

    /// <summary>Adds entries and removes as many.</summary>
    public void Slide(int count)
    {
        Add(count);
        Volatile.Write(ref _removing, _removing + count);
        _index.Remove([.. Enumerable.Range(0, count).Select(place => _removed + place)]);
        Volatile.Write(ref _removed, _removing);
    }

    /// <summary>Searches until told to stop, for all members of a pile or for every other one.</summary>
    public int SearchOn(bool isFiltered, CancellationToken stop)
    {
        int d = _data.Dimension;
        int searches = 0;
        var found = new NeighborTable();
        var options = new SearchOptions
        {
            ThreadCount = 1,
            CandidateCount = MostMembers,
            Filter = isFiltered ? IsTaken : null,
        };
        do
        {
            int first = searches * 10 % Piles;
            long removed = Volatile.Read(ref _removed);
            long added = Volatile.Read(ref _added);
            _index.Search(_data.Rows.AsSpan(first * d, 10 * d), MostMembers, found, options);
            long removing = Volatile.Read(ref _removing);
            long adding = Volatile.Read(ref _adding);
            for (int query = 0; query < found.QueryCount; query++)
            {
                long[] ids = found.IdsOf(query).ToArray();
                Assert.HasCount(MostMembers, ids.Distinct());
                Assert.IsTrue(Array.TrueForAll(ids, id => id >= removed && id < adding));
                Assert.IsTrue(!isFiltered || Array.TrueForAll(ids, IsTaken));
                AssertHas(ids, first + query, [.. MembersOf(first + query, removing, added, isFiltered)]);
            }

            searches++;
        }
        while (!stop.IsCancellationRequested);

        return searches;
    }

    private static bool IsTaken(long id) => id / Piles % 2 == 0;

    private static IEnumerable<long> MembersOf(int pile, long start, long end, bool isFiltered)
    {
        for (long id = start; id < end; id++)
        {
            if (id % Piles == pile && (!isFiltered || IsTaken(id))) yield return id;
        }
    }

    /// <summary>Asserts that members of a pile come first, in the order of adding, with some among them.</summary>
    private static void AssertHas(long[] ids, int pile, long[] members)
    {
        long[] found = [.. ids.Where(id => id % Piles == pile)];
        CollectionAssert.AreEqual(found.Order().ToArray(), ids[..found.Length]);
        CollectionAssert.IsSubsetOf(members, found);
    }

    private void Add(int count)
    {
        int d = _data.Dimension;
        float[] rows = new float[count * d];
        long[] ids = [.. Enumerable.Range(0, count).Select(place => _added + place)];
        for (int row = 0; row < count; row++)
            _data.Rows.AsSpan((int)(ids[row] % Piles) * d, d).CopyTo(rows.AsSpan(row * d));
        Volatile.Write(ref _adding, _adding + count);
        _index.Add(ids, rows);
        Volatile.Write(ref _added, _adding);
    }
}
