// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class IndexOptionsFormatTests
{
    private static readonly GraphSettings _graph = new() { LinkCount = 5, Seed = 7, Encoding = VectorEncoding.Half };

    private static readonly QuantizedSettings _quantization = new()
    {
        SubspaceCount = 3,
        TrainingCount = 4,
        Iterations = 5,
        KeepVectors = false,
        CandidateFactor = 6,
        Seed = -7,
    };

    public static IEnumerable<object[]> Options =>
    [
        [new IndexOptions()],
        [new IndexOptions { Strategy = SearchStrategy.Graph, MemoryBudget = 9, Graph = _graph }],
        [new IndexOptions { Strategy = SearchStrategy.Quantized, Quantization = _quantization }],
        [new IndexOptions { Quantization = new QuantizedSettings() }],
        [new IndexOptions { MemoryBudget = 0, Graph = _graph, Quantization = _quantization }],
        [new IndexOptions { TargetRecall = 0.75 }],
        [new IndexOptions { Graph = _graph, Quantization = _quantization, TargetRecall = 1 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Options))]
    public void Read_gives_what_was_written(IndexOptions options)
    {
        byte[] written = Written(options);

        Assert.AreEqual(options, Read(written));
    }

    [TestMethod]
    [DataRow(1000, 1000)]
    [DataRow(1001, 1000)]
    [DataRow(int.MaxValue, 1000)]
    [DataRow(0, 0, DisplayName = "refused when settings are validated")]
    public void Read_takes_the_rounds_of_files_from_before_there_was_a_bound(int saved, int expected)
    {
        byte[] written = Written(new IndexOptions { Quantization = _quantization with { Iterations = saved } });

        Assert.AreEqual(_quantization with { Iterations = expected }, Read(written).Quantization);
    }

    [TestMethod]
    public void Write_without_settings_of_codes_is_as_before_there_were_any()
    {
        byte[] none = Written(new IndexOptions { Strategy = SearchStrategy.Exact, MemoryBudget = 258 });
        byte[] graph = Written(new IndexOptions { Graph = new GraphSettings() });

        CollectionAssert.AreEqual(new byte[] { 1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0 }, none);
        CollectionAssert.AreEqual(
            new byte[] { 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 1, 16, 0, 0, 0 }, graph[..17]);
        Assert.HasCount(13 + (3 * 4) + 8 + 4, graph);
    }

    [TestMethod]
    public void Read_of_an_unknown_mark_is_refused()
    {
        byte[] written = Written(new IndexOptions());
        written[12] = 8;

        Refusal.Assert<FormatException>(
            "The settings of an index must be known ones. Got mark 8.", () => Read(written));
    }

    private static byte[] Written(IndexOptions options)
    {
        using var stream = new MemoryStream();
        using var fields = new BinaryWriter(stream);
        IndexOptionsFormat.Write(fields, options);
        return stream.ToArray();
    }

    private static IndexOptions Read(byte[] written)
    {
        using var fields = new BinaryReader(new MemoryStream(written));
        return IndexOptionsFormat.Read(fields);
    }
}
