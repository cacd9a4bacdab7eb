// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Random memories and queries: the graph finds what the memory finds.</summary>
[TestClass]
public sealed class ExportPropertyTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_graph_finds_what_any_memory_finds()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, FindsTheSame));
    }

    private bool FindsTheSame(int seed)
    {
        var random = new Random(seed);
        int dimension = random.Next(1, 20);
        int count = random.Next(1, 90);

        // Whole numbers, so that many distances are equal.
        VectorRow<string>[] Draw(int rows) =>
        [
            .. Enumerable.Range(0, rows).Select(id => new VectorRow<string>
            {
                Id = id,
                Label = $"{random.Next(4)}",
                Features = [.. Enumerable.Range(0, dimension).Select(_ => (float)random.Next(-2, 3))],
            }),
        ];
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = random.Next(1, 30),
                Metric = (Metric)random.Next(3),
                Vote = (VoteKind)random.Next(4),
                TieBreak = (TieBreak)random.Next(3),
                NeighborColumns = NeighborColumns.All,
            })
            .Fit(VectorRows.Keyed(_mlContext, Draw(count)));
        VectorRow<string>[] queries = Draw(40);

        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));
        using GraphRun graph = GraphRun.Of(
            memory, new OnnxExportOptions { Labels = OnnxLabels.Keys, CandidateMargin = random.Next(100) });

        GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), dimension, 40), $"seed {seed}");
        return true;
    }
}
