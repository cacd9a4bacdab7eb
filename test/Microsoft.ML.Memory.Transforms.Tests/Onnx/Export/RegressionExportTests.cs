// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>kNN regressions as graphs in the real ONNX Runtime, against their own predictions.</summary>
[TestClass]
public sealed class RegressionExportTests
{
    private const int Dimension = 6;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(Metric.Cosine, NeighborWeighting.Uniform)]
    [DataRow(Metric.Cosine, NeighborWeighting.InverseDistance)]
    [DataRow(Metric.SquaredEuclidean, NeighborWeighting.Uniform)]
    [DataRow(Metric.SquaredEuclidean, NeighborWeighting.InverseDistance)]
    [DataRow(Metric.InnerProduct, NeighborWeighting.Uniform)]
    public void Every_metric_and_weighting_gives_what_the_transformer_gives(Metric metric, NeighborWeighting weighting)
    {
        foreach (string? weight in (string?[])[null, "Weight"])
        {
            foreach (float? largest in (float?[])[null, metric == Metric.SquaredEuclidean ? 0.6f : 0.05f])
            {
                AssertSame(
                    Fit(new NearestNeighborsRegressionOptions
                    {
                        NeighborCount = 7,
                        Metric = metric,
                        Weighting = weighting,
                        LargestDistance = largest,
                        ExampleWeightColumnName = weight,
                        IdColumnName = "Id",
                        NeighborColumns = NeighborColumns.All,
                    }),
                    Queries(),
                    7);
            }
        }
    }

    [TestMethod]
    public void Edited_rows_answer_with_their_own_labels()
    {
        NearestNeighborsRegressionTransformer regression = Fit(new NearestNeighborsRegressionOptions
        {
            NeighborCount = 3,
            IdColumnName = "Id",
            NeighborColumns = NeighborColumns.All,
        });
        VectorRow<float>[] more = Rows(40, seed: 5, firstId: 900);

        regression = regression.Remove(regression.Ids.Where(id => id % 3 == 0).ToArray())
            .Add(VectorRows.View(_mlContext, more));

        AssertSame(regression, [.. Queries(), .. more], 3);
    }

    [TestMethod]
    public void Fewer_rows_than_neighbours_are_all_neighbours() => AssertSame(
        Fit(
            new NearestNeighborsRegressionOptions { NeighborCount = 9, NeighborColumns = NeighborColumns.All },
            Rows(4, seed: 1)),
        Queries(),
        4);

    [TestMethod]
    public void Rounded_vectors_predict_nearly_the_same()
    {
        NearestNeighborsRegressionTransformer regression = Fit(new NearestNeighborsRegressionOptions());
        VectorRow<float>[] queries = Rows(50, seed: 2);
        using GraphRun graph = GraphRun.Of(regression, new OnnxExportOptions { Weights = OnnxWeights.Int8 });

        float[] scores = (float[])graph.Run(VectorRows.Flat(queries), Dimension, 50)["Score"];

        Answer[] own = Own(regression, queries);
        int same = own.Where((answer, row) => Math.Abs(answer.Score - scores[row]) <= GraphAssert.Score).Count();
        Assert.IsGreaterThanOrEqualTo(45, same);
    }

    [TestMethod]
    public void The_metadata_say_what_the_graph_computes()
    {
        byte[] model = GraphRun.Export(Fit(new NearestNeighborsRegressionOptions
        {
            Weighting = NeighborWeighting.InverseDistance,
        }));
        using var graph = new GraphRun(model);

        Dictionary<string, string> says = ModelProto.Parser.ParseFrom(model).MetadataProps
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.AreEqual("NearestNeighborsRegression", says["method"]);
        Assert.AreEqual("SquaredEuclidean", says["metric"]);
        Assert.AreEqual("InverseDistance", says["weighting"]);
        CollectionAssert.AreEqual(new[] { "Features" }, graph.Inputs.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { "Score" }, graph.Outputs.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { -1, 1 }, graph.Outputs["Score"].Dimensions);
    }

    [TestMethod]
    public void A_regression_without_a_number_of_neighbours_is_refused()
    {
        NearestNeighborsRegressionTransformer regression = Fit(new NearestNeighborsRegressionOptions
        {
            NeighborCount = null,
            LargestDistance = 1,
        });

        ExportRefusal.Assert<InvalidOperationException>(
            "NearestNeighborsRegressionOptions.NeighborCount must be a number to be exported, since a graph gives so "
            + "many neighbours of every row. Got null. Name the most that a row may have.",
            () => GraphRun.Export(regression));
    }

    [TestMethod]
    [DataRow(OnnxLabels.Keys)]
    [DataRow(OnnxLabels.Indices)]
    public void Labels_that_are_not_numbers_are_refused(OnnxLabels labels)
    {
        NearestNeighborsRegressionTransformer regression = Fit(new NearestNeighborsRegressionOptions());

        ExportRefusal.Assert<InvalidOperationException>(
            $"OnnxExportOptions.Labels must be Values for a regression, whose labels are numbers. Got {labels}.",
            () => GraphRun.Export(regression, new OnnxExportOptions { Labels = labels }));
    }

    [TestMethod]
    public void A_regression_without_rows_is_refused()
    {
        NearestNeighborsRegressionTransformer regression = Fit(new NearestNeighborsRegressionOptions());
        regression = regression.Remove([.. regression.Ids]);

        ExportRefusal.Assert<InvalidOperationException>(
            "A memory must hold at least one entry to be exported. Got an empty memory. Add entries first.",
            () => GraphRun.Export(regression));
    }

    private NearestNeighborsRegressionTransformer Fit(
        NearestNeighborsRegressionOptions options, VectorRow<float>[]? rows = null)
        => _mlContext.Regression.Trainers.NearestNeighbors(options)
            .Fit(VectorRows.View(_mlContext, rows ?? Rows(200, seed: 1)));

    private void AssertSame(NearestNeighborsRegressionTransformer regression, VectorRow<float>[] queries, int size)
    {
        Answer[] own = Own(regression, queries);
        using GraphRun graph = GraphRun.Of(regression);
        foreach (int batch in (int[])[1, 32])
        {
            Dictionary<string, Array> found = graph.Run(VectorRows.Flat(queries), Dimension, batch);

            GraphAssert.Near([.. own.Select(answer => answer.Score)], (float[])found["Score"], "scores");
            CollectionAssert.AreEqual(Padded(own, answer => answer.NeighborIds, -1, size), found["NeighborIds"]);
            CollectionAssert.AreEqual(
                Padded(own, answer => answer.NeighborLabels, float.NaN, size), found["NeighborLabels"]);
            GraphAssert.Near(
                Padded(own, answer => answer.NeighborDistances, float.NaN, size),
                (float[])found["NeighborDistances"],
                "distances");
            GraphAssert.Near(
                Padded(own, answer => answer.NeighborWeights, 0, size), (float[])found["NeighborWeights"], "weights");
        }
    }

    private Answer[] Own(NearestNeighborsRegressionTransformer regression, VectorRow<float>[] queries) =>
    [
        .. _mlContext.Data.CreateEnumerable<Answer>(
            regression.Transform(VectorRows.View(_mlContext, queries)),
            reuseRowObject: false,
            ignoreMissingColumns: true),
    ];

    private static T[] Padded<T>(Answer[] own, Func<Answer, T[]> values, T missing, int size) =>
        [.. own.SelectMany(answer => values(answer).Concat(Enumerable.Repeat(missing, size)).Take(size))];

    /// <summary>Makes rows, a seventh of them at the place of another one, with another label.</summary>
    private static VectorRow<float>[] Rows(int count, int seed, long firstId = 0)
    {
        var random = new Random(seed);
        var rows = new VectorRow<float>[count];
        for (int index = 0; index < count; index++)
        {
            float[] features = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
            if (index % 7 == 6) features = rows[index - 3].Features;
            rows[index] = new VectorRow<float>
            {
                Label = random.Next(-50, 1000),
                Id = firstId + index,
                Weight = index % 5 == 0 ? 0 : 1 + random.NextSingle(),
                Features = features,
            };
        }

        return rows;
    }

    /// <summary>Makes queries: stored rows, others, one far from all, zeros, and such as have no answer.</summary>
    private static VectorRow<float>[] Queries()
    {
        VectorRow<float>[] rows = [.. Rows(200, seed: 1).Take(30), .. Rows(34, seed: 2)];
        rows[40].Features = [.. Enumerable.Repeat(100f, Dimension)];
        rows[41].Features = new float[Dimension];
        rows[42].Features = [1, 2, float.NaN, 3, 4, 5];
        rows[43].Features = [1, float.NegativeInfinity, 2, 3, 4, 5];
        return rows;
    }

    private sealed class Answer
    {
        public float Score { get; set; }

        public long[] NeighborIds { get; set; } = [];

        public float[] NeighborDistances { get; set; } = [];

        public float[] NeighborLabels { get; set; } = [];

        public float[] NeighborWeights { get; set; } = [];
    }
}
