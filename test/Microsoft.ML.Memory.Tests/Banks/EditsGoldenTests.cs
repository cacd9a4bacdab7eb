// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class EditsGoldenTests
{
    private const int Dimension = 33;

    private static readonly GoldenEdits _edits = GoldenFiles.Json<GoldenEdits>("search/edits.json");
    private static readonly float[] _rows = GoldenFiles.Floats("search/rows.bin");
    private static readonly float[] _queries = GoldenFiles.Floats("search/queries.bin");

    [TestMethod]
    [DataRow(Metric.Cosine, "cosine")]
    [DataRow(Metric.SquaredEuclidean, "squaredL2")]
    [DataRow(Metric.InnerProduct, "innerProduct")]
    public void Search_bank_after_edits_equals_the_reference(Metric metric, string name)
    {
        var bank = new MemoryBank(Dimension, metric);
        int first = _edits.Initial.Rows[0], end = _edits.Initial.Rows[1];
        bank.AddRange(_rows.AsSpan(first * Dimension, (end - first) * Dimension), new int[end - first]);

        foreach (GoldenEdit edit in _edits.Operations)
        {
            if (edit.IsAdd) bank.AddRange(RowOf(edit), [0], default, [edit.Id]);
            else bank.Remove(edit.Id);
        }

        AssertEqual(name, (queries, k, found) => bank.Snapshot().Search(queries, k, found));
        Assert.AreEqual(_edits.LiveCount, bank.Count);
        Assert.AreEqual(_edits.NextSequence, bank.Snapshot().NextSequence);
        AssertSequences(bank);
    }

    [TestMethod]
    [DataRow(Metric.Cosine, "cosine")]
    [DataRow(Metric.SquaredEuclidean, "squaredL2")]
    [DataRow(Metric.InnerProduct, "innerProduct")]
    public void Search_index_after_edits_equals_the_reference(Metric metric, string name)
    {
        var index = new FlatIndex(Dimension, metric);
        int first = _edits.Initial.Rows[0], end = _edits.Initial.Rows[1];
        long[] ids = [.. Enumerable.Range(first, end - first)];
        index.Add(ids, _rows.AsSpan(first * Dimension, ids.Length * Dimension));

        foreach (GoldenEdit edit in _edits.Operations)
        {
            if (edit.IsAdd) index.Add([edit.Id], RowOf(edit));
            else index.Remove([edit.Id]);
        }

        AssertEqual(name, (queries, k, found) => index.Search(queries, k, found));
        Assert.AreEqual(_edits.LiveCount, index.Count);
    }

    private static void AssertSequences(MemoryBank bank)
    {
        var expected = new Dictionary<long, long>();
        for (int row = _edits.Initial.Rows[0]; row < _edits.Initial.Rows[1]; row++) expected[row] = row;
        foreach (GoldenEdit edit in _edits.Operations)
        {
            expected.Remove(edit.Id);
            if (edit.Seq is { } sequence) expected.Add(edit.Id, sequence);
        }

        Entry[] entries = [.. bank.Snapshot().Entries];
        Assert.HasCount(expected.Count, entries);
        foreach (Entry entry in entries) Assert.AreEqual(expected[entry.Id], entry.Sequence);
    }

    private static void AssertEqual(string name, Action<float[], int, NeighborTable> search)
    {
        var found = new NeighborTable();
        search(_queries[..(_edits.QueriesUsed * Dimension)], _edits.K, found);

        Assert.AreEqual(_edits.QueriesUsed, found.QueryCount);
        for (int query = 0; query < found.QueryCount; query++)
        {
            CollectionAssert.AreEqual(_edits.ExpectedIds[name][query], found.IdsOf(query).ToArray(), $"query {query}");
            double[] distances = [.. found.DistancesOf(query).ToArray().Select(distance => (double)distance)];
            Approx.AssertEqual(_edits.ExpectedDistances[name][query], distances, Approx.Float, $"query {query}");
        }
    }

    private static ReadOnlySpan<float> RowOf(GoldenEdit edit)
    {
        Assert.IsNotNull(edit.Row);
        return _rows.AsSpan(edit.Row.Value * Dimension, Dimension);
    }
}
