// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>What stands for a class in a graph, for every type of label.</summary>
[TestClass]
public sealed class ExportLabelTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Values_are_of_the_type_of_the_label()
    {
        AssertValues<string>("tench", "", "goldfish");
        AssertValues<long>(-7L, long.MinValue, 8L);
        AssertValues<float>(0.5f, float.NaN, 2f);
        AssertValues<double>(0.25, double.NaN, 2.0);
    }

    [TestMethod]
    public void Narrow_integers_and_booleans_become_Int64()
    {
        AssertValues<int, long>(3, 3L, long.MinValue, 4);
        AssertValues<byte, long>(200, 200L, long.MinValue, 4);
        AssertValues<bool, long>(true, 1L, long.MinValue, false);
    }

    [TestMethod]
    public void Dates_that_differ_in_a_tick_are_different_texts()
    {
        var date = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Unspecified);

        AssertValues<DateTime, string>(date.AddTicks(1), "2024-05-06T07:08:09.0000001", "", date);
        AssertValues<DateTimeOffset, string>(
            new DateTimeOffset(date.AddTicks(1), TimeSpan.Zero),
            "2024-05-06T07:08:09.0000001+00:00",
            "",
            new DateTimeOffset(date, TimeSpan.Zero));
        AssertValues<TimeSpan, string>(TimeSpan.FromTicks(1), "00:00:00.0000001", "", TimeSpan.Zero);
    }

    [TestMethod]
    public void A_class_name_of_several_lines_is_one_line_of_the_metadata()
    {
        byte[] model = GraphRun.Export(Fit("a\r\nb, \u00fc", @"c\n"));

        Assert.AreEqual(
            "a\\r\\nb, \u00fc\nc\\\\n",
            ModelProto.Parser.ParseFrom(model).MetadataProps.Single(each => each.Key == "classes").Value);
        using var graph = new GraphRun(model);
        string[] predicted = (string[])graph.Run([1, 0, 0, 1], 2, 2)["PredictedLabel"];
        CollectionAssert.AreEqual(new[] { "a\r\nb, \u00fc", @"c\n" }, predicted);
    }

    [TestMethod]
    public void Keys_and_indices_count_classes()
    {
        VisualMemoryTransformer memory = Fit("a", "b");

        AssertPredicted(memory, OnnxLabels.Keys, 1u, 0u);
        AssertPredicted(memory, OnnxLabels.Indices, 0L, -1L);
    }

    [TestMethod]
    public void Classes_without_values_are_keys()
    {
        var rows = new List<KeyRow>
        {
            new() { Label = 2, Features = [1, 0] }, new() { Label = 1, Features = [0, 1] },
        };
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 1).Fit(_mlContext.Data.LoadFromEnumerable(rows));

        OwnRun own = OwnRun.Of(memory, _mlContext.Data.LoadFromEnumerable(rows));
        AssertPredicted(memory, OnnxLabels.Values, own.Keys[0], 0u);
    }

    [TestMethod]
    public void A_label_beyond_Int64_is_refused_by_value()
    {
        VisualMemoryTransformer memory = Fit(ulong.MaxValue, 1ul);

        ExportRefusal.Assert<InvalidOperationException>(
            "A label value must be at most 9223372036854775807 to be exported. Got 18446744073709551615. "
            + "Set OnnxExportOptions.Labels to Keys or Indices.",
            () => GraphRun.Export(memory));
        AssertPredicted(memory, OnnxLabels.Keys, 1u, 0u);
    }

    private void AssertValues<TLabel>(TLabel label, TLabel missing, TLabel other)
        => AssertValues<TLabel, TLabel>(label, label, missing, other);

    private void AssertValues<TLabel, TValue>(TLabel label, TValue value, TValue missing, TLabel other)
        => AssertPredicted(Fit(label, other), OnnxLabels.Values, value, missing);

    private static void AssertPredicted<TValue>(
        VisualMemoryTransformer memory, OnnxLabels labels, TValue value, TValue missing)
    {
        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = labels });

        TValue[] predicted = (TValue[])graph.Run([1, 0, float.NaN, 1], 2, 2)["PredictedLabel"];

        CollectionAssert.AreEqual(new[] { value, missing }, predicted);
    }

    private VisualMemoryTransformer Fit<TLabel>(TLabel label, TLabel other)
        => _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 1).Fit(VectorRows.Keyed(_mlContext, Rows(label, other)));

    private static VectorRow<TLabel>[] Rows<TLabel>(TLabel label, TLabel other) =>
    [
        new() { Label = label, Features = [1, 0] }, new() { Label = other, Features = [0, 1], Id = 1 },
    ];

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
