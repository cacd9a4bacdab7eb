// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Neighbors;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Codes in adaptive memories, lookups and exported models.</summary>
[TestClass]
public sealed class QuantizedKindsTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Adaptive_memories_code_what_they_remember_by_the_codebooks_of_the_fit()
    {
        var options = new AdaNpcOptions
        {
            IdColumnName = "Id",
            Index = Coded.Options,
            ConfidenceThreshold = 0,
            MatchStatistics = true,
            BatchSize = 16,
        };
        Point[] train = Points.Draw(500, seed: 1);
        AdaNpcTransformer model = FitAdaptive(train, options);
        AdaNpcSession session = model.CreateAdaptiveSession();
        _ = session.Adapt(Points.View(_mlContext, Points.Draw(80, seed: 2)));
        Assert.IsTrue(session.Learn(Points.Draw(1, seed: 5)[0].Features, "bee"));
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;

        AdaNpcSession resumed = Coded.Reloaded(_mlContext, model).ResumeAdaptiveSession(stream);

        Assert.AreEqual(SearchStrategy.Quantized, session.Memory().Strategy);
        Assert.AreEqual(581, session.Memory().Count);
        Assert.AreEqual(SearchStrategy.Quantized, resumed.Memory().Strategy);
        CollectionAssert.AreEqual(Coded.Keys(session.Memory()), Coded.Keys(resumed.Memory()));
        Point[] test = Points.Draw(50, seed: 3);
        CollectionAssert.AreEqual(Predicted(session, test), Predicted(resumed, test));
        long last = session.Memory().Entries.Last().Id;
        float[] before = Coded.Keys(session.Memory())[^1];
        session.Correct(last, "ant");
        CollectionAssert.AreEqual(before, Coded.Keys(session.Memory())[^1]);
        Assert.AreEqual(options, Coded.Reloaded(_mlContext, model).Options);
    }

    [TestMethod]
    public void Adaptive_memories_match_rows_to_the_statistics_of_the_vectors_not_of_the_codes()
    {
        var exact = new AdaNpcOptions { MatchStatistics = true, BatchSize = 16 };
        Point[] train = Points.Draw(500, seed: 1);
        foreach (Point point in train) point.Features = Array.ConvertAll(point.Features, value => value * 50);
        AdaNpcOptions codes = exact with { Index = Coded.Options };

        AdaptiveState plain = FitAdaptive(train, exact).CreateAdaptiveSession().Snapshot();
        AdaptiveState coded = FitAdaptive(train, codes).CreateAdaptiveSession().Snapshot();

        CollectionAssert.AreEqual(plain.SourceStatistics!.Means, coded.SourceStatistics!.Means);
        CollectionAssert.AreEqual(plain.SourceStatistics.Deviations, coded.SourceStatistics.Deviations);
    }

    [TestMethod]
    public void Lookups_find_rows_with_their_own_values_by_codes()
    {
        NearestNeighborsOptions options = Places.Options with
        {
            NeighborCount = 10,
            Index = Coded.Options with { Quantization = Coded.Settings with { SubspaceCount = 2 } },
        };
        Place[] places = Places.Draw(2000, seed: 1);
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, places, options)
            .Add(Places.View(_mlContext, [new Place { Id = 9000, Name = "place 9000", Features = [100, 100] }]))
            .Remove(17);

        PlaceNeighbors[] found = Places.Find(_mlContext, Coded.Reloaded(_mlContext, lookup), Places.Draw(100, seed: 2));

        Assert.AreEqual(SearchStrategy.Quantized, lookup.Strategy);
        Places.AssertSame(Places.Find(_mlContext, lookup, Places.Draw(100, seed: 2)), found);
        PlaceNeighbors[] exact = Places.Find(
            _mlContext, Places.Fit(_mlContext, places, options with { Index = new() }), Places.Draw(100, seed: 2));
        int same = Enumerable.Range(0, 100).Sum(
            row => exact[row].NeighborIds.Intersect(found[row].NeighborIds).Count());
        Assert.IsGreaterThanOrEqualTo(900, same);
        Assert.IsTrue(found.All(row => !row.NeighborIds.Contains(17)));
    }

    [TestMethod]
    public void Exported_memories_hold_what_codes_stand_for()
    {
        const int Dimension = 12;
        VectorRow<string>[] queries = VectorRows.Draw(60, Dimension, 4, seed: 2);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
                .VisualMemory(new VisualMemoryOptions
                {
                    NeighborCount = 9,
                    Metric = metric,
                    IdColumnName = "Id",
                    NeighborColumns = NeighborColumns.All,
                    Index = Coded.Options with { Quantization = Coded.Settings with { CandidateFactor = 1000 } },
                })
                .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(300, Dimension, classCount: 4, seed: 1)));
            Assert.AreEqual(SearchStrategy.Quantized, memory.Model.Strategy);

            OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));
            using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });

            GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, 7), $"{metric}");
        }
    }

    private AdaNpcTransformer FitAdaptive(Point[] points, AdaNpcOptions options)
        => _mlContext.MulticlassClassification.Trainers.AdaNpc(options).Fit(Points.Keyed(_mlContext, points));

    private string?[] Predicted(AdaNpcSession session, Point[] points)
        => [.. session.Predict(Points.View(_mlContext, points)).Select(prediction => prediction.Label)];
}
