// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Files of memories that know something about themselves, and files that lie about it.</summary>
[TestClass]
public sealed class TrustFileTests
{
    /// <summary>Bytes of the options that every file has: four names, five choices, three numbers.</summary>
    private const int BytesOfFirstOptions = 6 + 9 + 1 + 1 + (5 * sizeof(int)) + (3 * sizeof(double));

    /// <summary>The empty name of the candidate column, and the mark that more follows.</summary>
    private const int BytesOfCandidates = 2;

    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        VisualMemoryOptions options = new()
        {
            NeighborCount = 5,
            Pruning = new PruningOptions { Kind = PruningKind.Hard, NeighborCount = 5, Threshold = 3 },
            Calibration = CalibrationKind.PowerTemperature,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.ClassNormalizedDistance },
            ClassMap = new ClassMap(new Dictionary<string, string> { ["ant"] = "bee" }),
        };
        _mlContext.Model.Save(Points.FitMemory(_mlContext, Points.Draw(40, seed: 1), options), null, Good);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private string Good => Path.Combine(_folder, "good.zip");

    private string Bad => Path.Combine(_folder, "bad.zip");

    [TestMethod]
    public void A_memory_without_any_of_it_is_saved_as_it_always_was()
    {
        byte[] file = Trusting.Saved(_mlContext, Points.FitMemory(_mlContext, Points.Draw(20, seed: 1)));

        CollectionAssert.AreEqual(
            new[]
            {
                "visualMemory", "classes", "bank", "ids", "sequences", "labels", "weights", "origins", "keys", "",
            },
            ForgedSections.Names(file));
        Assert.HasCount(BytesOfFirstOptions, ForgedSections.Content(file, "visualMemory"));
    }

    [TestMethod]
    public void A_memory_whose_distances_overflow_either_way_loads_and_judges_the_same()
    {
        Point[] points = Points.Draw(40, seed: 1);
        foreach (Point point in points) point.Features = [.. point.Features.Select(value => (value - 0.5f) * 1e30f)];
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, points, new VisualMemoryOptions
        {
            Metric = Metric.InnerProduct,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.MeanDistance },
        });
        _mlContext.Model.Save(memory, null, Good);

        var loaded = (VisualMemoryTransformer)_mlContext.Model.Load(Good, out _);

        float[] scores = [.. memory.Transform(Points.View(_mlContext, points)).GetColumn<float>("UnknownScore")];
        Assert.IsFalse(scores.Any(float.IsNaN));
        CollectionAssert.AreEqual(
            scores, loaded.Transform(Points.View(_mlContext, points)).GetColumn<float>("UnknownScore").ToArray());
    }

    [TestMethod]
    public void A_file_from_before_there_was_any_of_it_loads_and_predicts_the_same()
    {
        VisualMemoryTransformer memory = _mlContext.Model
            .Load(ModelFiles.FrozenPath("visual-memory", "visual-memory-v1.zip"), out _)
            .FindMemory<VisualMemoryTransformer>();

        IDataView scored = memory.Transform(Points.View(_mlContext, Points.Draw(20, seed: 2)));
        IDataView named = _mlContext.Transforms.Conversion.MapKeyToValue(
            "PredictedLabel").Fit(scored).Transform(scored);
        string[] lines = [.. _mlContext.Data.CreateEnumerable<PointPrediction>(named, reuseRowObject: false).Select(
            row => $"{row.PredictedLabel} {string.Join(' ', row.Score.Select(BitConverter.SingleToUInt32Bits))}")];
        CollectionAssert.AreEqual(
            File.ReadAllLines(ModelFiles.FrozenPath("visual-memory", "visual-memory-v1.txt")), lines);
        Assert.AreEqual(
            new VisualMemoryOptions
            {
                NeighborCount = 5,
                IdColumnName = "Id",
                NeighborColumns = NeighborColumns.Weights,
            },
            memory.Options);
    }

    [TestMethod]
    [DataRow("wrong", 0, 40, "must be in [0, 40). Got 40.")]
    [DataRow("correct", 0, -1, "must be in [0, 40). Got -1.")]
    [DataRow("correct", 0, 39, "must count at most the 39 other entries. Got ")]
    [DataRow("classMedians", 0, -1, "must be at least 0. Got NaN.")]
    [DataRow("knownScores", 0, 0x7FC00000, "must ascend. Got NaN after -")]
    [DataRow("knownScores", 4, 0, "must ascend. Got 0 after ")]
    [DataRow("trust", 2, -1, "must hold valid fields. Got PowerTemperature's temperature must be in [0.05, 20]. Got ")]
    public void A_value_out_of_its_range_does_not_load(string section, int offset, int value, string message)
    {
        ModelFiles.Rewrite(Good, Bad, file => ForgedSections.Replace(file, section, content =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(offset), value);
            if (section == "trust") BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(offset + 4), value);
            return content;
        }));

        AssertError(section, message);
    }

    [TestMethod]
    [DataRow("wrong", 156, "must hold 40 values of 4 bytes. Got 156 bytes.")]
    [DataRow("knownScores", 12, "must hold 0 or 1000 numbers. Got 3.")]
    [DataRow("classMedians", 4, "must hold 2 values of 4 bytes. Got 4 bytes.")]
    [DataRow("trust", 9, "must hold valid fields. Got ")]
    [DataRow("visualMemory", 60, "must hold valid fields. Got ")]
    public void A_section_of_another_length_does_not_load(string section, int length, string message)
    {
        ModelFiles.Rewrite(
            Good, Bad, file => ForgedSections.Replace(file, section, content => content[..length]));

        AssertError(section, message);
    }

    [TestMethod]
    public void Options_out_of_their_range_do_not_load()
    {
        ModelFiles.Rewrite(Good, Bad, file => ForgedSections.Replace(file, "visualMemory", content =>
        {
            content[BytesOfFirstOptions + BytesOfCandidates] = 9;
            return content;
        }));

        AssertError("visualMemory", "must hold valid fields. Got VisualMemoryOptions.Pruning.Kind must be a kind of ");
    }

    private void AssertError(string section, string message)
    {
        Exception? error = null;
        try
        {
            _mlContext.Model.Load(Bad, out _);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        while (error is TargetInvocationException or InvalidOperationException or FormatException
            && error.InnerException is { } inner)
            error = inner;
        Assert.IsInstanceOfType<InvalidDataException>(error);
        Assert.StartsWith($"Section '{section}' of the memory file, at byte ", error.Message);
        Assert.Contains(message, error.Message);
    }
}
