// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>How many rows are classified together.</summary>
[TestClass]
public sealed class ClassifierBlockTests
{
    private const int ManyClasses = 1_000_000;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Blocks_of_rows_with_many_scores_each_stay_small()
    {
        IDataView rows = View(new Numbered { Label = 0, Features = [1, 2] });

        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers.VisualMemory().Fit(rows);

        Assert.AreEqual(16, BlockOf(memory, rows)); // 2^24 scores in all
        CollectionAssert.AreEqual(new uint[] { 1 }, memory.Transform(rows).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Blocks_of_rows_that_all_entries_may_vote_on_stay_small()
    {
        IDataView rows = Points.Keyed(_mlContext, Points.Draw(100, seed: 1));
        var options = new AdaNpcOptions { Capacity = ManyClasses };

        AdaNpcTransformer nearest = _mlContext.MulticlassClassification.Trainers.AdaNpc(options).Fit(rows);
        AdaNpcTransformer ball = _mlContext.MulticlassClassification.Trainers
            .AdaNpc(options with { BallSimilarity = -0.5 }).Fit(rows);

        Assert.AreEqual(1024, BlockOf(nearest, rows));
        Assert.AreEqual(3, BlockOf(ball, rows)); // 20 bytes for each of a million entries
    }

    private static int BlockOf<TModel>(MemoryClassifierTransformer<TModel> memory, IDataView rows)
        where TModel : class
        => ((IBlockMapping)new ClassifierMapping<TModel>(memory, rows.Schema, isPass: true)).MaxBlockRows;

    private IDataView View(params Numbered[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private sealed class Numbered
    {
        [KeyType(ManyClasses)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
