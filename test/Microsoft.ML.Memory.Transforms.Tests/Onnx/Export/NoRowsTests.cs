// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Graphs that are run on no rows, in a process of their own, which a failure may end.</summary>
[TestClass]
public sealed class NoRowsTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("norows").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void No_rows_give_no_rows_whatever_the_memory()
    {
        OnnxHere.Require();
        const string Found = "NeighborDistances[0,5] NeighborIds[0,5] NeighborLabels[0,5] NeighborWeights[0,5]";
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            VisualMemoryTransformer memory = Visual(new VisualMemoryOptions { Metric = metric });
            expected[Write($"{metric}", memory)] = $"PredictedLabel[0,1] Score[0,4] {Found}";
            expected[Write($"{metric}-bytes", memory, OnnxWeights.Int8)] = $"PredictedLabel[0,1] Score[0,4] {Found}";
        }

        expected[Write("trust", Visual(Trusting.EveryOption().First()))]
            = $"PredictedLabel[0,1] Score[0,4] {Found} IsUnknown[0,1] UnknownScore[0,1]";
        expected[Write("adaptive", Fit(_mlContext.MulticlassClassification.Trainers.AdaNpc(
            new AdaNpcOptions { BallSimilarity = 0.9, ConfidenceColumnName = "Confidence" })))]
            = "PredictedLabel[0,1] Score[0,4] Confidence[0,1]";
        expected[Write("bottleneck", Fit(_mlContext.MulticlassClassification.Trainers.KeyValueBottleneck(
            new KeyValueBottleneckOptions { HeadCount = 4, PairCount = 16, KeyDimension = 5, Epochs = 1 })))]
            = "PredictedLabel[0,1] Score[0,4]";
        foreach (CodeRead read in Enum.GetValues<CodeRead>())
        {
            expected[Write($"codes-{read}", Fit(_mlContext.MulticlassClassification.Trainers.CompressedMemory(
                new CompressedMemoryOptions { CodeCount = 32, Read = read, Epochs = 1 })))]
                = "PredictedLabel[0,1] Score[0,4]";
        }

        expected[Write("regression", _mlContext.Regression.Trainers.NearestNeighbors(
            new NearestNeighborsRegressionOptions { NeighborColumns = NeighborColumns.All })
            .Fit(VectorRows.View(_mlContext, Prices())))] = $"Score[0,1] {Found}";

        expected[WriteEncoded("numbers", Numbers())] = "PredictedLabel[0,1] Score[0,3]";
        expected[WriteEncoded("words", Words())] = "PredictedLabel[0,1] Score[0,3]";

        string[] lines = Programs.Run("FreshProcess.dll", "empty", _folder);

        CollectionAssert.AreEqual(expected.Select(pair => Sorted(pair.Key, pair.Value)).ToArray(), lines.Select(
            line => Sorted(line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..])).ToArray());
    }

    private static string Sorted(string name, string shapes)
        => $"{name} {string.Join(' ', shapes.Split(' ').Order(StringComparer.Ordinal))}";

    private static VectorRow<float>[] Prices() =>
    [
        .. Enumerable.Range(0, 9).Select(index => new VectorRow<float>
        {
            Label = index,
            Features = [.. Enumerable.Range(0, Dimension).Select(feature => (float)(feature * index))],
        }),
    ];

    private static EmbedOnnxOptions Numbers() => new()
    {
        ModelBytes = TinyNetwork.Linear(1).ToBytes(),
        InputColumnName = "Numbers",
        Normalize = true,
    };

    private static EmbedOnnxOptions Words() => new()
    {
        ModelBytes = TinyNetwork.Words().ToBytes(),
        Inputs = [new EmbedOnnxInput("input_ids", "Tokens")],
        Pooling = EmbedPooling.Mean,
    };

    private VisualMemoryTransformer Visual(VisualMemoryOptions options)
        => Fit(_mlContext.MulticlassClassification.Trainers.VisualMemory(
            options with { NeighborCount = 5, IdColumnName = "Id", NeighborColumns = NeighborColumns.All }));

    private TMemory Fit<TMemory>(IEstimator<TMemory> trainer)
        where TMemory : class, ITransformer
        => trainer.Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(100, Dimension, classCount: 4, seed: 1)));

    private string Write(string name, ITransformer model, OnnxWeights weights = OnnxWeights.Single)
    {
        model.ExportToOnnx(Path.Combine(_folder, name + ".onnx"), new OnnxExportOptions { Weights = weights });
        return name + ".onnx";
    }

    private string WriteEncoded(string name, EmbedOnnxOptions encoder)
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(row => new EncodedRow
        {
            Label = $"class {row % 3}",
            Numbers = [row, 1, -row],
            Tokens = [row % 4, 1],
        }));
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.EmbedOnnx(encoder))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 3))
            .Fit(rows);
        model.ExportToOnnx(
            Path.Combine(_folder, name + ".onnx"), new OnnxExportOptions { InputSchema = rows.Schema });
        GraphRules.Check(File.ReadAllBytes(Path.Combine(_folder, name + ".onnx")));
        return name + ".onnx";
    }

    private sealed class EncodedRow
    {
        public string Label { get; set; } = "";

        [Data.VectorType(3)]
        public float[] Numbers { get; set; } = [];

        public long[] Tokens { get; set; } = [];
    }
}
