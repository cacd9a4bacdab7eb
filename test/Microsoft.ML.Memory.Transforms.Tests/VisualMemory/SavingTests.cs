// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class SavingTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(SearchStrategy.Exact)]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Quantized)]
    public void A_fresh_process_that_registers_nothing_predicts_the_same(SearchStrategy strategy)
    {
        Point[] test = Points.Draw(40, seed: 2);
        (ITransformer model, string path) = FitAndSave(strategy);
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(input, test.Select(point => string.Join(' ', point.Features.Select(Invariant))));

        string[] lines = Programs.Run("FreshProcess.dll", path, input);

        string[] expected =
        [
            .. Points.Predict(_mlContext, model, test).Select(row =>
                $"{row.PredictedLabel} {string.Join(' ', row.Score.Select(BitConverter.SingleToUInt32Bits))}"),
        ];
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_model()
    {
        (_, string path) = FitAndSave();
        string again = Path.Combine(_folder, "again.zip");

        ITransformer loaded = _mlContext.Model.Load(path, out DataViewSchema schema);
        _mlContext.Model.Save(loaded, schema, again);

        CollectionAssert.AreEqual(ModelFiles.MemoryStreamOf(path), ModelFiles.MemoryStreamOf(again));
    }

    [TestMethod]
    public void Every_option_survives()
    {
        var options = new VisualMemoryOptions
        {
            FeatureColumnName = "Features",
            LabelColumnName = "Label",
            ExampleWeightColumnName = "Weight",
            IdColumnName = "Id",
            NeighborCount = 7,
            Metric = Metric.SquaredEuclidean,
            Vote = VoteKind.Softmax,
            RankOffset = 3,
            DistanceExponent = 2,
            Temperature = 0.5,
            TieBreak = TieBreak.LowestLabel,
            NeighborColumns = NeighborColumns.Ids | NeighborColumns.Weights,
            CandidateColumnName = "Candidates",
        };
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(30, seed: 1), options);
        string path = Path.Combine(_folder, "model.zip");

        _mlContext.Model.Save(memory, null, path);
        VisualMemoryTransformer loaded = _mlContext.Model.Load(path, out _).FindMemory<VisualMemoryTransformer>();

        Assert.AreEqual(options, loaded.Options);
        Assert.AreEqual(30, loaded.Model.Count);
        CollectionAssert.AreEqual(memory.ClassNames.ToArray(), loaded.ClassNames.ToArray());
    }

    [TestMethod]
    public void A_loaded_memory_grows_like_the_one_that_was_saved()
    {
        Point[] more = Points.Draw(40, seed: 5, classCount: 4);
        (ITransformer model, string path) = FitAndSave();
        VisualMemoryTransformer loaded = _mlContext.Model.Load(path, out _).FindMemory<VisualMemoryTransformer>();

        VisualMemoryTransformer expected = model.FindMemory<VisualMemoryTransformer>()
            .Add(Points.View(_mlContext, more));
        VisualMemoryTransformer actual = loaded.Add(Points.View(_mlContext, more));

        Assert.AreEqual(Describe(expected), Describe(actual));
    }

    [TestMethod]
    public void A_removed_vector_leaves_no_byte_in_the_file()
    {
        Point secret = new() { Label = "ant", Id = 999, Features = [0.123456f, -0.654321f, 0.777777f] };
        var options = new VisualMemoryOptions { NeighborCount = 5, IdColumnName = "Id" };
        VisualMemoryTransformer with = Points.FitMemory(_mlContext, [.. Points.Draw(50, seed: 1), secret], options);
        VisualMemoryTransformer without = with.Remove(999);
        byte[] needle = BitConverter.GetBytes(secret.Features[1]);

        Assert.IsTrue(Contains(SavedStream(with), needle));
        Assert.IsFalse(Contains(SavedStream(without), needle));
    }

    [TestMethod]
    public void Numbered_and_numeric_labels_survive()
    {
        foreach (object sample in new object[] { 3, 2.5f, true, 7.25, (byte)4, -9L })
        {
            VisualMemoryTransformer memory = LabelKinds.Fit(_mlContext, sample);
            string path = Path.Combine(_folder, "labels.zip");

            _mlContext.Model.Save(memory, null, path);
            VisualMemoryTransformer loaded = _mlContext.Model.Load(path, out _).FindMemory<VisualMemoryTransformer>();

            CollectionAssert.AreEqual(
                new[] { Convert.ToString(sample, CultureInfo.InvariantCulture)! }, loaded.ClassNames.ToArray());
        }
    }

    private static string Describe(VisualMemoryTransformer memory)
        => string.Join(
            '\n', memory.Model.Entries.Select(entry => entry.ToString())) + string.Join(',', memory.ClassNames);

    private static string Invariant(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool Contains(byte[] haystack, byte[] needle) => haystack.AsSpan().IndexOf(needle) >= 0;

    private byte[] SavedStream(ITransformer model)
    {
        string path = Path.Combine(_folder, "one.zip");
        _mlContext.Model.Save(model, null, path);
        return ModelFiles.MemoryStreamOf(path);
    }

    private (ITransformer Model, string Path) FitAndSave(SearchStrategy strategy = SearchStrategy.Exact)
    {
        var options = new VisualMemoryOptions
        {
            NeighborCount = 5,
            Index = new IndexOptions
            {
                Strategy = strategy,
                Graph = new GraphSettings { SearchCandidateCount = 8 },
                Quantization = new QuantizedSettings { TrainingCount = 500, KeepVectors = false },
            },
        };
        IDataView train = Points.View(_mlContext, Points.Draw(1200, seed: 1));
        ITransformer model = Points.Pipeline(_mlContext, options).Fit(train);
        string path = Path.Combine(_folder, "model.zip");
        _mlContext.Model.Save(model, train.Schema, path);
        return (model, path);
    }
}
