// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphFileTests
{
    private static readonly GraphCase _case = new(600, dimension: 5);

    [TestMethod]
    [DataRow(Metric.Cosine, VectorEncoding.Single)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Half)]
    [DataRow(Metric.InnerProduct, VectorEncoding.SignedByte)]
    public void Load_of_what_was_saved_answers_alike_and_saves_the_same_bytes(Metric metric, VectorEncoding encoding)
    {
        var settings = new GraphSettings { Encoding = encoding, LinkCount = 4, Seed = 3, SearchCandidateCount = 15 };
        GraphIndex index = _case.Build(metric, settings);
        index.Remove([3, 500, 77]);
        index.Add([77, 901], _case.More(2));
        byte[] saved = Saved(index);

        using var stream = new MemoryStream(saved);
        var loaded = GraphIndex.Load(stream, threadCount: 1);

        Assert.AreEqual(settings with { ThreadCount = 1 }, loaded.Settings);
        AssertAlike(index, loaded);
        CollectionAssert.AreEqual(saved, Saved(loaded));
    }

    [TestMethod]
    public void Load_goes_on_with_the_random_numbers_where_they_were()
    {
        GraphIndex index = _case.Build(Metric.Cosine);
        using var stream = new MemoryStream(Saved(index));
        var loaded = GraphIndex.Load(stream, threadCount: 1);
        float[] more = _case.More(200);
        long[] ids = [.. Enumerable.Range(1000, 200).Select(id => (long)id)];

        index.Add(ids, more);
        loaded.Add(ids, more);

        CollectionAssert.AreEqual(Saved(index), Saved(loaded));
    }

    [TestMethod]
    public void Save_of_an_empty_index_is_loaded_as_one()
    {
        using var stream = new MemoryStream(Saved(new GraphIndex(3, Metric.InnerProduct)));
        var loaded = GraphIndex.Load(stream);

        Assert.AreEqual(0, loaded.Count);
        loaded.Add([5], [1, 2, 3]);
        Assert.AreEqual(1, loaded.Count);
    }

    [TestMethod]
    public void Save_holds_no_byte_of_a_removed_vector()
    {
        GraphIndex index = _case.Build(Metric.SquaredEuclidean);
        float[] secret = [1.2345f, 2.3456f, 3.4567f, 4.5678f, 5.6789f];
        index.Add([-1], secret);
        Assert.IsGreaterThan(0, Saved(index).AsSpan().IndexOf(MemoryMarshal.AsBytes(secret.AsSpan())));

        index.Remove([-1]);

        foreach (float value in secret)
            Assert.AreEqual(-1, Saved(index).AsSpan().IndexOf(BitConverter.GetBytes(value)));
    }

    [TestMethod]
    public void Load_of_a_truncated_file_is_refused_wherever_it_ends()
    {
        byte[] saved = (new ForgedGraph() with { Centre = [5, 6] }).Bytes();
        using (var whole = new MemoryStream(saved)) Assert.AreEqual(2, GraphIndex.Load(whole).Count);

        for (int length = 0; length < saved.Length; length++)
        {
            using var stream = new MemoryStream(saved, 0, length);
            Assert.ThrowsExactly<InvalidDataException>(() => GraphIndex.Load(stream));
        }
    }

    [TestMethod]
    public void Load_of_a_file_with_a_flipped_bit_is_refused_wherever_it_is()
    {
        byte[] saved = (new ForgedGraph() with { Centre = [5, 6] }).Bytes();
        for (int place = 0; place < saved.Length; place++)
        {
            byte[] damaged = [.. saved];
            damaged[place] ^= 4;
            using var stream = new MemoryStream(damaged);
            Assert.ThrowsExactly<InvalidDataException>(() => GraphIndex.Load(stream));
        }
    }

    [TestMethod]
    public void Load_of_forged_content_is_refused_by_name()
    {
        ForgedGraph good = new();
        AssertRefused(good with { Dimension = 0 }, "graph", "must have a dimension in [1, 1048576]. Got 0.");
        AssertRefused(
            good with { Dimension = 70000, Encoding = 2 },
            "graph",
            "must have a dimension of at most 65536 for 8-bit codes. Got 70000.");
        AssertRefused(good with { Metric = 3 }, "graph", "must have a known metric. Got 3.");
        AssertRefused(good with { Count = -1 }, "graph", "must have a number of entries in [0, 1073741824]. Got -1.");
        AssertRefused(
            good with { LinkCount = 1 },
            "graph",
            "must hold valid fields. Got GraphSettings.LinkCount must be in [2, 512]. Got 1.");
        AssertRefused(
            good with { RandomState = 0 },
            "graph",
            "must hold valid fields. Got state must have a number other than 0. Got zeros only. (Parameter 'state').");
        AssertRefused(
            good with { NextSequence = -1 },
            "graph",
            "must have a next sequence number in [0, 9223372035781033983]. Got -1.");
        AssertRefused(good with { Entry = 2 }, "graph", "must start walks at one of its entries. Got 2.");
        AssertRefused(good with { Entry = -1 }, "graph", "must start walks at one of its entries. Got -1.");
        AssertRefused(good with { Count = 3 }, "ids", "must hold 3 values of 8 bytes. Got 16 bytes.");
        AssertRefused(good with { Ids = [4, 4] }, "ids", "must differ. Got 4 twice.");
        AssertRefused(good with { Sequences = [1, 1] }, "sequences", "must differ. Got 1 twice.");
        AssertRefused(good with { Sequences = [1, 9] }, "sequences", "must be in [0, 9). Got 9.");
        AssertRefused(good with { Levels = [55, 55] }, "levels", "must be at most 54. Got 55.");
        AssertRefused(good with { Levels = [2, 1] }, "levels", "must be highest where walks start. Got 2 elsewhere.");
        AssertRefused(good with { Levels = [40, 40] }, "levels", "must have a sum of at most 72. Got 80.");
        AssertRefused(
            good with { Vectors = [1, 2] }, "vectors", "must hold 16 bytes for [2, 2] values. Got 8.");
        AssertRefused(
            good with { Vectors = [1, 2, float.NaN, 3] }, "vectors", "must be finite. Got NaN or infinity.");
        AssertRefused(good with { LinkCounts = [1, 1] }, "link-counts", "must hold 3 values. Got 2.");
        AssertRefused(good with { LinkCounts = [5, 0, 0] }, "link-counts", "must be at most 4 on layer 0. Got 5.");
        AssertRefused(good with { LinkCounts = [0, 0, 3] }, "link-counts", "must be at most 2 on layer 1. Got 3.");
        AssertRefused(good with { Links = [1] }, "links", "must hold 8 bytes. Got 4.");
        AssertRefused(good with { Links = [2, 0] }, "links", "must lead to entries in [0, 2). Got 2.");
        AssertRefused(good with { Links = [1, -1] }, "links", "must lead to entries in [0, 2). Got -1.");
        AssertRefused(good with { Links = [0, 0] }, "links", "must lead to other entries. Got 0 of itself.");
        AssertRefused(
            good with { LinkCounts = [2, 0, 0], Links = [1, 1] }, "links", "must differ within a list. Got 1 twice.");
        AssertRefused(
            good with { LinkCounts = [0, 1, 1], Links = [0, 0] },
            "links",
            "must lead to entries of their layer, 1. Got 0 of level 0.");
    }

    [TestMethod]
    public void Load_of_a_forged_centre_is_refused_by_name()
    {
        ForgedGraph good = new() { Centre = [5, 6] };
        AssertRefused(good with { Centre = [5] }, "graph", "must have a centre of 2 values. Got 1.");
        AssertRefused(good with { Centre = [5, 6, 7] }, "graph", "must have a centre of 2 values. Got 3.");
        AssertRefused(good with { Centre = [5, float.NaN] }, "graph", "must be finite. Got NaN or infinity.");
        AssertRefused(
            good with { Centre = [1e30f, 0] }, "graph", "must have a centre no longer than 2^60. Got a longer one.");
        AssertRefused(
            good with { Metric = 1 }, "graph", "must have no centre where there are no codes. Got one of 2 values.");
    }

    [TestMethod]
    public void Load_of_forged_starts_is_refused_by_name()
    {
        ForgedGraph good = new() { Metric = (int)Metric.InnerProduct, Centre = [5, 6], Starts = [1, 0] };
        using (var stream = new MemoryStream(good.Bytes())) Assert.AreEqual(2, GraphIndex.Load(stream).Count);
        AssertRefused(good with { Metric = 0 }, "graph", "must have a centre of 2 values. Got 4.");
        AssertRefused(good with { Centre = [5], Starts = [] }, "graph", "must have a centre of 2 values. Got 1.");
        AssertRefused(good with { Dimension = -1 }, "graph", "must have a dimension in [1, 1048576]. Got -1.");
        AssertRefused(good with { Starts = [2] }, "graph", "must start walks at entries of its own. Got 2.");
        AssertRefused(good with { Starts = [-1] }, "graph", "must start walks at entries of its own. Got -1.");
        AssertRefused(good with { Starts = [1, 1] }, "graph", "must differ. Got 1 twice.");
        AssertRefused(
            good with { Starts = [1, 1, 1, 1, 1] },
            "graph",
            "must start walks at no more than 4 entries besides. Got 5.");
    }

    [TestMethod]
    public void Load_of_forged_copies_is_refused_by_name()
    {
        ForgedGraph good = new()
        {
            Levels = [255, 1],
            Vectors = [1, 2, 1, 2],
            LinkCounts = [1, 0, 0],
            Links = [1],
        };
        using (var stream = new MemoryStream(good.Bytes())) Assert.AreEqual(2, GraphIndex.Load(stream).Count);
        AssertRefused(good with { Entry = 0 }, "levels", "must be of the graph where walks start. Got a copy.");
        AssertRefused(
            good with { Metric = (int)Metric.InnerProduct, Centre = [5, 6], Starts = [0] },
            "levels",
            "must be of the graph where walks start. Got a copy.");
        AssertRefused(
            good with { LinkCounts = [2, 0, 0], Links = [1, 1] }, "link-counts", "must be 1 of a copy. Got 2.");
        AssertRefused(
            good with { Links = [-1] }, "links", "must lead from a copy to an entry of the graph. Got -1.");
        AssertRefused(good with { Links = [0] }, "links", "must lead from a copy to an entry of the graph. Got 0.");
        AssertRefused(
            good with { Vectors = [1, 2, 1, 3] }, "links", "must lead from a copy to an entry of its vector. Got 1.");
        AssertRefused(
            good with { LinkCounts = [1, 1, 0], Links = [1, 0] },
            "links",
            "must lead to entries of the graph. Got 0, a copy.");
    }

    internal static byte[] Saved(GraphIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }

    private static void AssertAlike(GraphIndex one, GraphIndex other)
    {
        var first = new NeighborTable();
        var second = new NeighborTable();
        Assert.AreEqual(one.Count, other.Count);
        one.Search(_case.Queries, 7, first);
        other.Search(_case.Queries, 7, second);
        for (int query = 0; query < first.QueryCount; query++)
        {
            CollectionAssert.AreEqual(first.IdsOf(query).ToArray(), second.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(first.DistancesOf(query).ToArray(), second.DistancesOf(query).ToArray());
        }
    }

    private static void AssertRefused(ForgedGraph forged, string section, string fault)
    {
        using var stream = new MemoryStream(forged.Bytes());
        string message = Assert.ThrowsExactly<InvalidDataException>(() => GraphIndex.Load(stream)).Message;
        Assert.StartsWith($"Section '{section}' of the memory file, at byte ", message);
        Assert.EndsWith($", {fault}", message);
    }
}
