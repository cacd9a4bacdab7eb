// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class TrustArgumentTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void All_violated_options_are_named_at_once()
    {
        var options = new VisualMemoryOptions
        {
            Metric = Metric.InnerProduct,
            Pruning = new PruningOptions
            {
                Kind = (PruningKind)9,
                NeighborCount = 0,
                Threshold = 0,
                Gain = 0,
                Offset = -1,
            },
            Calibration = (CalibrationKind)7,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.ClassNormalizedDistance, KeptRate = 1.5 },
        };

        AssertRefused<ArgumentException>(
            "VisualMemoryOptions.Pruning.Kind must be a kind of pruning. Got 9. "
            + "VisualMemoryOptions.Pruning.NeighborCount must be at least 1. Got 0. "
            + "VisualMemoryOptions.Pruning.Threshold must be at least 1. Got 0. "
            + "VisualMemoryOptions.Pruning.Gain must be finite and above 0. Got 0. "
            + "VisualMemoryOptions.Pruning.Offset must be finite and at least 0. Got -1. "
            + "VisualMemoryOptions.Calibration must be a kind of calibration. Got 7. "
            + "VisualMemoryOptions.Rejection.KeptRate must be above 0 and at most 1. Got 1.5. "
            + "VisualMemoryOptions.Rejection.Score must be another kind with metric InnerProduct, whose distances may "
            + "be negative. Got ClassNormalizedDistance.",
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory(options));
    }

    [TestMethod]
    public void Verbs_say_what_they_need()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(20, seed: 1));
        IDataView rows = Points.Keyed(_mlContext, Points.Draw(5, seed: 2));

        AssertRefused<InvalidOperationException>(
            "VisualMemoryTransformer.WithKeptRate must have rejection on. Got none. "
            + "Set VisualMemoryOptions.Rejection and fit again.",
            () => memory.WithKeptRate(0.9));
        AssertRefused<InvalidOperationException>(
            "VisualMemoryTransformer.WithKnownRows must have rejection on. Got none. "
            + "Set VisualMemoryOptions.Rejection and fit again.",
            () => memory.WithKnownRows(rows));
        AssertRefused<InvalidOperationException>(
            "VisualMemoryTransformer.Calibrate must see at least one row with a label. Got none.",
            () => memory.Calibrate(_mlContext.Data.SkipRows(rows, 100)));
        AssertRefused<InvalidOperationException>(
            "VisualMemoryTransformer.TuneVote must have at least one entry. Got an empty memory. Add entries first.",
            () => memory.RemoveWhere(_ => true).TuneVote(rows));
        AssertRefused<ArgumentException>(
            "TuneVote's neighborCount must be at least 1. Got 0. (Parameter 'neighborCount')",
            () => memory.TuneVote(rows, 0));
        AssertRefused<ArgumentException>(
            "VisualMemoryOptions.RankOffset must be finite and at least 0.1. Got 0.05.",
            () => memory.TuneVote(rows, 5, [0.05]));
        AssertRefused<ArgumentException>(
            "VisualMemoryOptions.NeighborCount must be at least 1. Got 0.", () => memory.WithVote(0));
        AssertRefused<ArgumentException>(
            "ancestors must map names to names. Got an empty name in 'ant' to ''. (Parameter 'ancestors')",
            () => memory.WithClassMap(new Dictionary<string, string> { ["ant"] = "" }));
    }

    private static void AssertRefused<TError>(string message, Action action)
        where TError : Exception
        => Assert.AreEqual(message, Assert.ThrowsExactly<TError>(action).Message);
}
