// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes;

namespace Microsoft.ML.Memory.Tests.Banks;

/// <summary>A memory as simple as can be: a list that is copied where a bank shares.</summary>
internal sealed class ListModel(Metric metric, int dimension)
{
    private List<Item> _items = [];
    private long _nextId;
    private long _nextSequence;

    public IReadOnlyList<Item> Items => _items;

    public ListModel Copy() =>
        new(metric, dimension) { _items = [.. _items], _nextId = _nextId, _nextSequence = _nextSequence };

    public long Add(float[] key, int label, float weight, EntryOrigin origin, long? id = null)
    {
        long taken = id ?? _nextId;
        _items.Add(new Item(taken, _nextSequence++, label, weight, origin, key));
        _nextId = Math.Max(_nextId, taken + 1);
        return taken;
    }

    public int Remove(Func<Item, bool> condition) => _items.RemoveAll(item => condition(item));

    /// <summary>Asserts that a snapshot has the same entries, bit for bit, and finds the same neighbours.</summary>
    public void AssertEqual(BankSnapshot snapshot, float[] queries, int k, string what)
    {
        Assert.AreEqual(_items.Count, snapshot.Count, what);
        Assert.AreEqual(_nextId, snapshot.NextId, what);
        Assert.AreEqual(_nextSequence, snapshot.NextSequence, what);
        Entry[] entries = [.. snapshot.Entries];
        Assert.HasCount(_items.Count, entries, what);
        var key = new float[dimension];
        for (int index = 0; index < entries.Length; index++)
        {
            Entry entry = entries[index];
            Item item = _items[index];
            Assert.AreEqual(
                new Entry(item.Id, item.Sequence, item.Label, item.Weight, item.Origin, entry.Position), entry, what);
            Assert.AreEqual(entry, snapshot.EntryAt(entry.Position), what);
            snapshot.CopyKey(entry.Position, key);
            CollectionAssert.AreEqual(Bits(item.Key), Bits(key), what);
        }

        AssertSearches(snapshot, queries, k, what);
    }

    private void AssertSearches(BankSnapshot snapshot, float[] queries, int k, string what)
    {
        var found = new NeighborTable();
        var all = new SearchOptions { ThreadCount = 1, CandidateCount = int.MaxValue };
        snapshot.Search(queries, k, found, all);
        AssertFound(snapshot, found, queries, hits => hits.Take(k), what);
        if (snapshot.Quantizer?.KeepsKeys == false) return;
        float distance = k; // about as many are as near
        snapshot.RangeSearch(queries, distance, found, all);
        AssertFound(snapshot, found, queries, hits => hits.Where(hit => hit.Distance <= distance), what);
    }

    private void AssertFound(
        BankSnapshot snapshot,
        NeighborTable found,
        float[] queries,
        Func<IEnumerable<(long Id, float Distance)>, IEnumerable<(long Id, float Distance)>> wanted,
        string what)
    {
        for (int query = 0; query < queries.Length / dimension; query++)
        {
            float[] values = queries[(query * dimension)..((query + 1) * dimension)];
            (long Id, float Distance)[] expected =
            [
                .. wanted(_items
                    .Select(item => (item.Id, item.Sequence, Distance: BruteForce.Distance(metric, values, item.Key)))
                    .OrderBy(hit => hit.Distance).ThenBy(hit => hit.Sequence)
                    .Select(hit => (hit.Id, (float)hit.Distance))),
            ];
            CollectionAssert.AreEqual(expected.Select(hit => hit.Id).ToArray(), found.IdsOf(query).ToArray(), what);
            CollectionAssert.AreEqual(
                Bits([.. expected.Select(hit => hit.Distance)]), Bits(found.DistancesOf(query).ToArray()), what);
            foreach ((long id, int position) in found.IdsOf(query).ToArray().Zip(found.PositionsOf(query).ToArray()))
                Assert.AreEqual(id, snapshot.EntryAt(position).Id, what);
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    /// <summary>An entry with its key.</summary>
    internal sealed record Item(long Id, long Sequence, int Label, float Weight, EntryOrigin Origin, float[] Key);
}
