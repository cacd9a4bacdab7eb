// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Transforms.Tests.Neighbors;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Memories that keep codes of product quantisation instead of vectors.</summary>
[TestClass]
public sealed class QuantizingTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _log = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.RawMessage.Contains("search:", StringComparison.Ordinal)) _log.Add(message.RawMessage);
    };

    [TestMethod]
    public void Fit_says_whether_entries_are_coded_and_the_addition_that_makes_them_enough_codes_all()
    {
        VisualMemoryTransformer few = Fit(Points.Draw(60, seed: 1), Coded.Options);
        VisualMemoryTransformer more = few.Add(Points.Keyed(_mlContext, Points.Draw(39, seed: 2, firstId: 100)));
        VisualMemoryTransformer enough = more.Add(Points.Keyed(_mlContext, Points.Draw(1, seed: 3, firstId: 200)));
        VisualMemoryTransformer after = enough.Remove(5, 6, 7).Add(
            Points.Keyed(_mlContext, Points.Draw(20, seed: 4, firstId: 300)));

        const string Few = "Exact search: Quantized was asked for, and its codebooks are trained on 100 entries. ";
        CollectionAssert.AreEqual(
            new[]
            {
                Few + "There are 60; their vectors are kept until then.",
                Few + "There are 99; their vectors are kept until then.",
                "Quantized search: asked for. An entry has a code of 3 bytes instead of a vector of 12.",
            },
            _log);
        Assert.AreEqual(SearchStrategy.Exact, more.Model.Strategy);
        Assert.AreEqual(SearchStrategy.Quantized, enough.Model.Strategy);
        Assert.AreEqual(117, after.Model.Count);
        Assert.AreSame(enough.Model.Quantizer, after.Model.Quantizer);
        VisualMemoryTransformer atOnce = Fit(
            [.. Points.Draw(60, 1), .. Points.Draw(39, 2, firstId: 100), .. Points.Draw(1, 3, firstId: 200)],
            Coded.Options);
        CollectionAssert.AreEqual(Coded.Keys(atOnce.Model), Coded.Keys(enough.Model));
    }

    [TestMethod]
    public void Null_settings_keep_an_eighth_of_a_byte_a_value_and_no_vectors()
    {
        var index = new IndexOptions { Strategy = SearchStrategy.Quantized };
        VectorRow<string>[] rows = VectorRows.Draw(10_000, 24, classCount: 3, seed: 1);

        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { Index = index })
            .Fit(VectorRows.Keyed(_mlContext, rows));

        Assert.AreEqual(new QuantizedSettings { KeepVectors = false }, memory.Model.Quantizer!.Settings);
        Assert.AreEqual(3, BankQuantizer.KeyBytes(24, memory.Model.Quantizer));
        Assert.AreEqual(
            "Quantized search: asked for. An entry has a code of 3 bytes instead of a vector of 96.", _log.Single());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Saved_memories_keep_codes_and_options(bool keepVectors)
    {
        IndexOptions index = Coded.Options with
        {
            MemoryBudget = 7,
            Graph = new GraphSettings { LinkCount = 5 },
            Quantization = Coded.Settings with { KeepVectors = keepVectors, Seed = 4, CandidateFactor = 3 },
        };
        VisualMemoryTransformer memory = Fit(Points.Draw(400, seed: 1), index);
        Point[] test = Points.Draw(100, seed: 2);

        VisualMemoryTransformer loaded = Coded.Reloaded(_mlContext, memory);

        Assert.AreEqual(memory.Options, loaded.Options);
        Assert.AreEqual(SearchStrategy.Quantized, loaded.Model.Strategy);
        Assert.HasCount(1, _log, "a load decides nothing");
        CollectionAssert.AreEqual(Predictions(memory, test), Predictions(loaded, test));
    }

    [TestMethod]
    public void A_memory_loaded_before_it_had_entries_enough_goes_on_as_the_one_saved()
    {
        VisualMemoryTransformer memory = Fit(Points.Draw(70, seed: 1), Coded.Options);
        IDataView more = Points.Keyed(_mlContext, Points.Draw(70, seed: 2, firstId: 100));

        VisualMemoryTransformer loaded = Coded.Reloaded(_mlContext, memory).Add(more);

        Assert.AreEqual(SearchStrategy.Quantized, loaded.Model.Strategy);
        CollectionAssert.AreEqual(Coded.Keys(memory.Add(more).Model), Coded.Keys(loaded.Model));
    }

    [TestMethod]
    public void Predictions_by_codes_are_those_of_an_exact_search_nearly_always()
    {
        Point[] train = Points.Draw(2000, seed: 1);
        Point[] test = Points.Draw(500, seed: 2);

        string[] exact = Predictions(Fit(train, new IndexOptions()), test);
        string[] coded = Predictions(Fit(train, Coded.Options), test);

        Assert.IsGreaterThanOrEqualTo(480, exact.Zip(coded).Count(pair => pair.First == pair.Second));
    }

    [TestMethod]
    public void Explained_distances_are_those_to_what_codes_stand_for()
    {
        VisualMemoryTransformer memory = Fit(Points.Draw(300, seed: 1), Coded.Options);
        Point point = Points.Draw(1, seed: 9)[0];
        float[] key = new float[3];

        Explanation explanation = memory.Explain(Points.View(_mlContext, [point])).Single();

        foreach (Contribution each in explanation.Contributions)
        {
            memory.Model.TryFind(each.Id, out int position);
            memory.Model.CopyKey(position, key);
            double dot = key.Zip(point.Features, (a, b) => (double)a * b).Sum();
            double norms = Math.Sqrt(key.Sum(value => (double)value * value))
                * Math.Sqrt(point.Features.Sum(value => (double)value * value));
            Assert.AreEqual(1 - (dot / norms), each.Distance, 1e-6);
        }
    }

    [TestMethod]
    public void Entries_removed_from_codes_are_forgotten()
    {
        VisualMemoryTransformer before = Fit(Points.Draw(300, seed: 1), Coded.Options);
        long[] ids = [.. Enumerable.Range(20, 90).Select(id => (long)id)];

        ForgettingAudit audit = before.VerifyForgotten(
            before.Remove(ids), ids, Points.Keyed(_mlContext, Points.Draw(50, seed: 2)));

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
    }

    [TestMethod]
    public void Dropping_a_class_in_the_middle_keeps_the_codes_of_the_others()
    {
        VisualMemoryTransformer memory = Fit(Points.Draw(300, seed: 1, classCount: 4), Coded.Options);
        VisualMemoryTransformer without = memory.RemoveWhere(entry => memory.ClassNames[entry.Label] == "bee");

        VisualMemoryTransformer dropped = without.DropEmptyClasses();

        Assert.HasCount(3, dropped.ClassNames);
        Assert.AreSame(memory.Model.Quantizer, dropped.Model.Quantizer);
        CollectionAssert.AreEqual(Coded.Keys(without.Model), Coded.Keys(dropped.Model));
        Point[] test = Points.Draw(60, seed: 2);
        CollectionAssert.AreEqual(Predictions(without, test), Predictions(dropped, test));
    }

    [TestMethod]
    public void Trust_is_fitted_and_entries_are_checked_by_codes()
    {
        var options = new VisualMemoryOptions
        {
            NeighborCount = 5,
            IdColumnName = "Id",
            Index = Coded.Options with { Quantization = Coded.Settings with { CandidateFactor = 1000 } },
            Calibration = CalibrationKind.PowerTemperature,
            Pruning = new PruningOptions { Kind = PruningKind.Soft },
            Rejection = new RejectionOptions { Score = UnknownScoreKind.SoftmaxLeftover },
        };
        VisualMemoryTransformer coded = Points.FitMemory(_mlContext, Points.Draw(200, seed: 1), options);
        var decoded = new VisualMemoryTransformer(
            coded.Environment,
            options with { Index = new IndexOptions() },
            Coded.Decoded(coded.Model),
            coded.Levels.Leaves);

        Assert.AreEqual(decoded.Trust.Temperature!.Temperature, coded.Trust.Temperature!.Temperature);
        CollectionAssert.AreEqual(
            decoded.CheckEntries().Entries.ToArray(), coded.CheckEntries().Entries.ToArray());
        Point[] test = Points.Draw(60, seed: 2);
        CollectionAssert.AreEqual(Predictions(decoded, test), Predictions(coded, test));
    }

    [TestMethod]
    public void More_subspaces_than_values_are_refused_whatever_the_number_of_rows()
    {
        IndexOptions wrong = Coded.Options with { Quantization = new QuantizedSettings { SubspaceCount = 4 } };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Fit(Points.Draw(5, seed: 1), wrong));

        Assert.AreEqual(
            "IndexOptions.Quantization.SubspaceCount must be at most 3, the length of a vector. Got 4.", error.Message);
        var none = new IndexOptions { Quantization = new QuantizedSettings { Iterations = 0 } };
        error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.AdaNpc(new AdaNpcOptions { Index = none }));
        Assert.AreEqual("AdaNpcOptions.Index.Quantization.Iterations must be in [1, 1000]. Got 0.", error.Message);
    }

    [TestMethod]
    public void Saved_settings_of_more_subspaces_than_values_are_refused()
    {
        IndexOptions wrong = Coded.Options with { Quantization = new QuantizedSettings { SubspaceCount = 4 } };
        VisualMemoryTransformer memory = Fit(Points.Draw(5, seed: 1), new IndexOptions());
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        using MemoryStream savedMemory = new(), savedLookup = new();
        VisualMemoryFile.Write(savedMemory, new VisualMemoryTransformer(
            memory.Environment, memory.Options with { Index = wrong }, memory.Model, memory.Levels.Leaves));
        NearestNeighborsFile.Write(savedLookup, new NearestNeighborsTransformer(
            memory.Environment, lookup.Options with { Index = wrong }, lookup.Bank, lookup.Rows));
        (savedMemory.Position, savedLookup.Position) = (0, 0);

        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => VisualMemoryFile.Read(savedMemory)).Message,
            ", must follow settings of at most 3 subspaces. Got 4.");
        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(
                () => NearestNeighborsFile.Read(savedLookup, memory.Environment)).Message,
            ", must follow settings of at most 2 subspaces. Got 4.");
    }

    [TestMethod]
    public void A_memory_saved_when_any_number_of_rounds_could_be_asked_for_loads_with_as_many_as_may_be()
    {
        IndexOptions old = Coded.Options with { Quantization = Coded.Settings with { Iterations = 5000 } };
        VisualMemoryTransformer memory = Fit(Points.Draw(5, seed: 1), new IndexOptions());
        using var saved = new MemoryStream();
        VisualMemoryFile.Write(saved, new VisualMemoryTransformer(
            memory.Environment, memory.Options with { Index = old }, memory.Model, memory.Levels.Leaves));
        saved.Position = 0;

        SavedMemory loaded = VisualMemoryFile.Read(saved);

        Assert.AreEqual(1000, loaded.Options.Index.Quantization!.Iterations);
        Assert.AreEqual(5, loaded.Memory.Count);
    }

    private VisualMemoryTransformer Fit(Point[] points, IndexOptions index)
        => Points.FitMemory(
            _mlContext,
            points,
            new VisualMemoryOptions { NeighborCount = 5, IdColumnName = "Id", Index = index });

    private string[] Predictions(VisualMemoryTransformer memory, Point[] points)
    {
        uint[] keys = [.. memory.Transform(Points.View(_mlContext, points)).GetColumn<uint>("PredictedLabel")];
        return [.. keys.Select(key => memory.ClassNames[(int)key - 1])];
    }
}
