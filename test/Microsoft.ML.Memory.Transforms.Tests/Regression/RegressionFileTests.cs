// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionFileTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    private static NearestNeighborsRegressionOptions Weighted => Sales.Options with
    {
        ExampleWeightColumnName = "Weight",
        Weighting = NeighborWeighting.InverseDistance,
    };

    private string Good => Path.Combine(_folder, "good.zip");

    private string Other => Path.Combine(_folder, "other.zip");

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(0)]
    [DataRow(70)]
    [DataRow(200)]
    public void A_loaded_model_predicts_and_goes_on_as_the_saved_one(int removed)
    {
        Sale[] queries = Sales.Draw(60, seed: 2);
        IDataView more = Sales.View(_mlContext, Sales.Draw(30, seed: 3, firstId: 1000));
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Draw(200, seed: 1), Weighted)
            .Remove(Enumerable.Range(0, removed).Select(id => (long)id));

        NearestNeighborsRegressionTransformer loaded = SaveAndLoad(model);

        Assert.AreEqual(200 - removed, loaded.Count);
        Sales.AssertSame(
            Sales.Predict(_mlContext, model, queries), Sales.Predict(_mlContext, loaded, queries));
        Sales.AssertSame(
            Sales.Predict(_mlContext, model.Add(more), queries), Sales.Predict(_mlContext, loaded.Add(more), queries));
    }

    [TestMethod]
    public void Every_option_survives()
    {
        var options = new NearestNeighborsRegressionOptions
        {
            LabelColumnName = "Weight",
            FeatureColumnName = "Features",
            IdColumnName = "Id",
            ExampleWeightColumnName = "Label",
            NeighborCount = 7,
            Metric = Metric.Cosine,
            Weighting = NeighborWeighting.InverseDistance,
            LargestDistance = 0.5f,
            NeighborColumns = NeighborColumns.Ids | NeighborColumns.Weights,
            Index = new IndexOptions
            {
                Strategy = SearchStrategy.Exact,
                MemoryBudget = 12345,
                Graph = new GraphSettings { LinkCount = 8, Seed = 3 },
            },
        };
        var others = new NearestNeighborsRegressionOptions { NeighborCount = null, LargestDistance = 3 };

        Assert.AreEqual(options, SaveAndLoad(Sales.Fit(_mlContext, Sales.Street, options)).Options);
        Assert.AreEqual(others, SaveAndLoad(Sales.Fit(_mlContext, Sales.Street, others)).Options);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes_and_removed_rows_leave_none()
    {
        var forgotten = new Sale { Id = 900, Label = 123.4567f, Weight = 9.87654f, Features = [7.654321f, 2] };
        NearestNeighborsRegressionTransformer kept = Sales.Fit(_mlContext, Sales.Draw(50, seed: 1), Weighted)
            .Add(Sales.View(_mlContext, [forgotten]));
        Save(kept);
        byte[] before = ModelFiles.MemoryStreamOf(Good);

        Save(kept.Remove(900));
        _mlContext.Model.Save(_mlContext.Model.Load(Good, out _), null, Other);

        byte[] bytes = ModelFiles.MemoryStreamOf(Good);
        CollectionAssert.AreEqual(bytes, ModelFiles.MemoryStreamOf(Other));
        foreach (float value in (float[])[forgotten.Label, forgotten.Weight])
        {
            Assert.AreNotEqual(-1, before.AsSpan().IndexOf(BitConverter.GetBytes(value)));
            Assert.AreEqual(-1, bytes.AsSpan().IndexOf(BitConverter.GetBytes(value)));
        }

        Assert.AreEqual(-1, bytes.AsSpan().IndexOf(BitConverter.GetBytes(forgotten.Features[0])));
    }

    [TestMethod]
    public void Same_data_give_the_same_bytes()
    {
        Save(Sales.Fit(_mlContext, Sales.Draw(300, seed: 1), Weighted));
        _mlContext.Model.Save(Sales.Fit(_mlContext, Sales.Draw(300, seed: 1), Weighted), null, Other);

        CollectionAssert.AreEqual(ModelFiles.MemoryStreamOf(Good), ModelFiles.MemoryStreamOf(Other));
    }

    [TestMethod]
    public void A_fresh_process_that_registers_nothing_predicts_the_same()
    {
        Point[] queries = Points.Draw(40, seed: 2);
        IDataView train = Points.View(_mlContext, Points.Draw(150, seed: 1));
        train = _mlContext.Transforms.Conversion.ConvertType("Target", "Id", DataKind.Single).Fit(train)
            .Transform(train);
        ITransformer model = _mlContext.Transforms.Concatenate("Features", "Features")
            .Append(_mlContext.Regression.Trainers.NearestNeighbors("Target")).Fit(train);
        _mlContext.Model.Save(model, train.Schema, Good);
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(input, queries.Select(point => string.Join(' ', point.Features.Select(
            value => value.ToString("R", CultureInfo.InvariantCulture)))));

        string[] lines = Programs.Run("FreshProcess.dll", Good, input);

        string[] expected =
        [
            .. model.Transform(Points.View(_mlContext, queries)).GetColumn<float>("Score").Select(
                score => BitConverter.SingleToUInt32Bits(score).ToString(CultureInfo.InvariantCulture)),
        ];
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public void A_frozen_file_predicts_as_it_did()
    {
        string path = ModelFiles.FrozenPath("regression", "regression-v1.zip");

        var loaded = (NearestNeighborsRegressionTransformer)_mlContext.Model.Load(path, out _);

        Assert.AreEqual(Weighted, loaded.Options);
        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, Sales.Street, Weighted), Sales.Draw(20, seed: 1)),
            Sales.Predict(_mlContext, loaded, Sales.Draw(20, seed: 1)));
    }

    [TestMethod]
    public void Any_flipped_byte_and_any_truncation_is_noticed()
    {
        Save(Sales.Fit(_mlContext, Sales.Draw(9, seed: 1), Weighted));
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int offset = 0; offset < length; offset++)
        {
            Assert.IsInstanceOfType<InvalidDataException>(
                TryLoad(bytes =>
                {
                    bytes[offset] ^= 0x40;
                    return bytes;
                }),
                $"byte {offset}");
            if (offset % 7 == 0)
                Assert.IsInstanceOfType<InvalidDataException>(TryLoad(bytes => bytes[..offset]), $"{offset} bytes");
        }
    }

    [TestMethod]
    public void Random_content_of_any_section_is_noticed_or_gives_finite_scores()
    {
        Save(Sales.Fit(_mlContext, Sales.Draw(9, seed: 1), Weighted));
        string[] names =
            [.. ForgedSections.Names(ModelFiles.MemoryStreamOf(Good)).Where(name => name != "").Distinct()];
        var random = new Random(1);
        for (int trial = 0; trial < 300; trial++)
        {
            string name = names[trial % names.Length];
            Exception? error = TryLoad(
                file => ForgedSections.Replace(file, name, content =>
                {
                    if (content.Length > 0) content[random.Next(content.Length)] = (byte)random.Next(256);
                    return content;
                }),
                AssertScores);

            if (error is not null) Assert.IsInstanceOfType<InvalidDataException>(error, $"{name}: {error.Message}");
        }

        void AssertScores(ITransformer loaded)
        {
            // A forged name of a column is as good as any other.
            if (((NearestNeighborsRegressionTransformer)loaded).FeatureColumnName != "Features") return;
            foreach (SaleEstimate row in Sales.Predict(_mlContext, loaded, Sales.Draw(3, seed: 2)))
                Assert.IsFalse(float.IsInfinity(row.Score));
        }
    }

    [TestMethod]
    public void Forged_sections_are_refused_by_name()
    {
        Save(Sales.Fit(_mlContext, Sales.Street, Weighted));
        int weighting = "Label Features Id Weight ".Length + (2 * sizeof(int));

        AssertRefused("values", _ => BytesOf(1, 2, 3, 4, float.NaN), "must follow labels that are finite. Got NaN.");
        AssertRefused(
            "values", _ => BytesOf(1, 2, -3, 4, 5), "must follow weights that are finite and at least 0. Got -3.");
        AssertRefused("values", _ => BytesOf(1, 2, 3, 4, 5, 6), "must end after its last field. Got 4 more bytes.");
        AssertRefused(
            "values", _ => BytesOf(1)[..3], "must hold valid fields. Got Unable to read beyond the end of the stream.");
        AssertRefused(
            "bank",
            content => [.. content[..4], 0, .. content[5..]],
            "must follow a bank of metric SquaredEuclidean. Got Cosine.",
            section: "keys");
        AssertRefused(
            "regression",
            content => [.. content[..weighting], 7, .. content[(weighting + 1)..]],
            "must hold valid fields. Got NearestNeighborsRegressionOptions.Weighting must be a weighting. Got 7.");
        AssertRefused("regression", content => [.. content, 1], "must end after its last field. Got 1 more bytes.");
    }

    private static byte[] BytesOf(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private void AssertRefused(string name, Func<byte[], byte[]> change, string expected, string? section = null)
    {
        Exception? error = TryLoad(file => ForgedSections.Replace(file, name, change));

        Assert.IsInstanceOfType<InvalidDataException>(error);
        StringAssert.StartsWith(error.Message, $"Section '{section ?? name}' of the memory file, at byte ");
        StringAssert.EndsWith(error.Message, $", {expected}");
    }

    private void Save(NearestNeighborsRegressionTransformer model)
        => _mlContext.Model.Save(model, Sales.View(_mlContext, []).Schema, Good);

    private NearestNeighborsRegressionTransformer SaveAndLoad(NearestNeighborsRegressionTransformer model)
    {
        Save(model);
        return (NearestNeighborsRegressionTransformer)_mlContext.Model.Load(Good, out _);
    }

    private Exception? TryLoad(Func<byte[], byte[]> change, Action<ITransformer>? use = null)
    {
        ModelFiles.Rewrite(Good, Other, change);
        Exception? error = null;
        ITransformer? loaded = null;
        try
        {
            loaded = _mlContext.Model.Load(Other, out _);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        File.Delete(Other);
        if (loaded is not null) use?.Invoke(loaded);
        while (error is InvalidOperationException or TargetInvocationException or FormatException
            && error.InnerException is { } inner)
            error = inner;
        return error;
    }
}
