// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>More entries at one distance than the first pass hands on.</summary>
[TestClass]
public sealed class ExportTieTests
{
    private const int Dimension = 7;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Masses_of_equal_distances_give_the_earliest_entries(Metric metric)
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 5,
                Metric = metric,
                NeighborColumns = NeighborColumns.All,
            })
            .Fit(VectorRows.Keyed(_mlContext, Bits(3_000, seed: 1)));
        VectorRow<string>[] queries = Bits(200, seed: 2);
        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));

        using GraphRun graph = GraphRun.Of(
            memory, new OnnxExportOptions { Labels = OnnxLabels.Keys, CandidateMargin = 0 });

        GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, 50), $"{metric}");
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(7)]
    [DataRow(13)]
    [DataRow(33)]
    public void Equal_entries_are_in_their_order_whatever_the_length_of_a_row(int dimension)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
                .VisualMemory(new VisualMemoryOptions
                {
                    NeighborCount = 20,
                    Metric = metric,
                    NeighborColumns = NeighborColumns.All,
                })
                .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(300, dimension, 4, seed: 1)));
            VectorRow<string>[] queries = VectorRows.Draw(100, dimension, 4, seed: 2);
            OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));

            using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });

            foreach (int batch in (int[])[1, 9, 100])
                GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), dimension, batch), $"{metric} {batch}");
        }
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Rows_of_any_length_find_what_the_transformer_finds(Metric metric)
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 5,
                Metric = metric,
                NeighborColumns = NeighborColumns.All,
            })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(300, Dimension, 3, seed: 3)));
        VectorRow<string>[] queries = VectorRows.Draw(60, Dimension, 3, seed: 4);
        for (int row = 0; row < queries.Length; row++)
        {
            float scale = MathF.Pow(10, (row % 12) - 6);
            queries[row].Features = [.. queries[row].Features.Select(value => value * scale)];
        }

        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));

        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });

        GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, 60), $"{metric}");
    }

    [TestMethod]
    [DataRow(1e9f)]
    [DataRow(1e20f)]
    public void One_entry_far_away_takes_no_neighbour_from_the_others(float far)
    {
        VectorRow<string>[] train = VectorRows.Draw(400, Dimension, 3, seed: 5);
        train[50].Features = [.. Enumerable.Repeat(far, Dimension)];
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 5,
                Metric = Metric.SquaredEuclidean,
                NeighborColumns = NeighborColumns.All,
            })
            .Fit(VectorRows.Keyed(_mlContext, train));

        AssertSame(memory, VectorRows.Draw(50, Dimension, 3, seed: 5), $"{far}");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(60)]
    public void Edited_memories_that_were_saved_give_what_the_transformer_gives(int count)
    {
        VectorRow<string>[] train = VectorRows.Draw(90, Dimension, 4, seed: 6);
        train[40].Features = train[42].Features = new float[Dimension];
        long[] removed =
        [
            .. train.Where((row, index) => index >= 60 || row.Label == "class 1" || index % 5 == 1)
                .Select(row => row.Id),
        ];
        if (count < 60) removed = [.. train.Skip(count).Select(row => row.Id)];
        VectorRow<string>[] queries = VectorRows.Draw(30, Dimension, 4, seed: 6);
        queries[3].Features = new float[Dimension];
        queries[4].Features = [.. Enumerable.Repeat(float.NaN, Dimension)];
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            foreach (VoteKind vote in Enum.GetValues<VoteKind>())
            {
                VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
                    .VisualMemory(new VisualMemoryOptions
                    {
                        NeighborCount = 70,
                        Metric = metric,
                        Vote = vote,
                        IdColumnName = "Id",
                        ClassMap = new ClassMap(new Dictionary<string, string>
                        {
                            ["class 0"] = "even",
                            ["class 2"] = "even",
                        }),
                        NeighborColumns = NeighborColumns.All,
                    })
                    .Fit(VectorRows.Keyed(_mlContext, train))
                    .Remove(removed);
                using var stream = new MemoryStream();
                _mlContext.Model.Save(memory, null, stream);
                stream.Position = 0;

                AssertSame(_mlContext.Model.Load(stream, out _), queries, $"{metric} {vote}");
            }
        }
    }

    private void AssertSame(ITransformer memory, VectorRow<string>[] queries, string what)
    {
        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));

        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });

        foreach (int batch in (int[])[1, 50])
            GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, batch), what);
    }

    private static VectorRow<string>[] Bits(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(id => new VectorRow<string>
            {
                Id = id,
                Label = $"{random.Next(3)}",
                Features = [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.Next(2))],
            }),
        ];
    }
}
