// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

[TestClass]
public sealed class ValueTrainerTests
{
    /// <summary>Values are single precision, updated five times.</summary>
    private const double Single = 1e-5;

    private static readonly GoldenValues _golden = GoldenFiles.Json<GoldenValues>("dkvb/values.json");

    public static IEnumerable<object[]> Names => _golden.Traces.Select(trace => new object[] { trace.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Step_by_step_values_equal_reference(string name)
    {
        GoldenValueTrace trace = _golden.Traces.Single(each => each.Name == name);
        ValueTable table = Train(trace, check: true);

        AssertPrediction(trace.Prediction.Masked, trace, table, isMasked: true);
        AssertPrediction(trace.Prediction.Unmasked, trace, table, isMasked: false);
    }

    [TestMethod]
    [DataRow(0.0, -0.15f)]
    [DataRow(0.1, -0.135f)]
    public void T3_1_one_step_of_one_head(double smoothing, float expected)
    {
        var table = new ValueTable(1, 2, 2);
        BottleneckSettings settings = OneHead(smoothing);
        var reader = new BottleneckReader(
            HeadInputs.Project([1], 1, 1, 1), [new NearestKeys([0, 1], 1)], settings);
        reader.Read([0.4f], new ParallelOptions());

        new ValueTrainer(settings, table, reader.Pairs, [1], 1).Step(new[] { 0 });

        Approx.AssertEqual(
            [expected, -expected, 0, 0], GoldenBottleneck.Widen(table.Values), Approx.Float, "values");
    }

    [TestMethod]
    public void T3_2_two_heads_share_the_gradient()
    {
        var table = new ValueTable(2, 1, 2);

        new ValueTrainer(OneHead(0) with { HeadCount = 2 }, table, [[0], [0]], [1], 1).Step(new[] { 0 });

        Approx.AssertEqual(
            [-0.075, 0.075, -0.075, 0.075], GoldenBottleneck.Widen(table.Values), Approx.Float, "values");
    }

    [TestMethod]
    public void T3_9_a_key_never_fetched_is_found_without_the_mask_only()
    {
        GoldenNeverUsed golden = _golden.T39;
        ValueTable table = Train(_golden.Traces[0], check: false);
        float[] input = [.. golden.HeadInput.Select(value => (float)value)];
        float[] keys = GoldenBottleneck.Floats(_golden.Keys[golden.Head]);
        int[] found = new int[1];

        new NearestKeys(keys, 2).Find(input, found);
        Assert.AreEqual(golden.UnmaskedIndex, found[0]);
        new NearestKeys(keys, 2, table.UsesOf(golden.Head)).Find(input, found);
        Assert.AreEqual(golden.MaskedIndex, found[0]);
    }

    [TestMethod]
    public void Several_pairs_are_fetched_nearest_first()
    {
        GoldenTop golden = _golden.Topk;
        int[] found = new int[golden.T];

        new NearestKeys(GoldenBottleneck.Floats(_golden.Keys[golden.Head]), 2).Find(
            [.. golden.HeadInput.Select(value => (float)value)], golden.T, found);

        CollectionAssert.AreEqual(golden.Indices, found);
    }

    private static BottleneckSettings OneHead(double smoothing) => new()
    {
        HeadCount = 1,
        LearningRate = 0.3,
        LearningRateScale = LearningRateScale.Official,
        LabelSmoothing = smoothing,
        GradientClip = null,
        NormalizeFeatures = false,
    };

    private static HeadInputs Inputs()
        => HeadInputs.Project(GoldenBottleneck.Columns(_golden.Projection), 3, _golden.Keys.Length, 2);

    private static NearestKeys[] Keys(ValueTable? mask)
        => [.. _golden.Keys.Select((keys, head) => new NearestKeys(
            GoldenBottleneck.Floats(keys), 2, mask is null ? default : mask.UsesOf(head)))];

    private static ValueTable Train(GoldenValueTrace trace, bool check)
    {
        var table = new ValueTable(_golden.Keys.Length, _golden.Keys[0].Length, _golden.Classes);
        for (int batch = 0; batch < _golden.Batches.Length; batch++)
        {
            float[] rows = GoldenBottleneck.Floats(_golden.Batches[batch]);
            var reader = new BottleneckReader(Inputs(), Keys(mask: null), trace.Options.Settings);
            reader.Read(rows, new ParallelOptions());
            int[] labels = _golden.Labels[batch];
            var trainer = new ValueTrainer(trace.Options.Settings, table, reader.Pairs, labels, threadCount: 2);

            double loss = trainer.Step(Enumerable.Range(0, labels.Length).ToArray());

            if (!check) continue;
            GoldenValueStep step = trace.Steps[batch];
            for (int row = 0; row < labels.Length; row++)
                CollectionAssert.AreEqual(step.Assignments[row], reader.Pairs.Select(pairs => pairs[row]).ToArray());
            Assert.AreEqual(step.Loss, loss, Single);
            Assert.AreEqual(step.GradientNorm, trainer.GradientNorm, Single);
            Approx.AssertEqual(
                GoldenBottleneck.Doubles(step.Values), GoldenBottleneck.Widen(table.Values), Single, $"batch {batch}");
            CollectionAssert.AreEqual(step.FetchCounts.SelectMany(counts => counts).ToArray(), table.Uses);
        }

        return table;
    }

    private static void AssertPrediction(
        GoldenMaskedPrediction golden, GoldenValueTrace trace, ValueTable table, bool isMasked)
    {
        var reader = new BottleneckReader(Inputs(), Keys(isMasked ? table : null), trace.Options.Settings);
        reader.Read(GoldenBottleneck.Floats(_golden.TestRows), new ParallelOptions());
        double[] logits = new double[_golden.Classes];
        for (int row = 0; row < golden.Logits.Length; row++)
        {
            table.Logits(reader.Pairs, row, 1, logits);
            CollectionAssert.AreEqual(golden.Assignments[row], reader.Pairs.Select(pairs => pairs[row]).ToArray());
            Approx.AssertEqual(golden.Logits[row], logits, Single, $"row {row}");
            if (golden.Labels is null) continue;
            Assert.AreEqual(golden.Labels[row], Array.IndexOf(logits, logits.Max()), $"row {row}");
        }
    }

    private sealed record GoldenValues(
        double[][][] Projection,
        double[][][] Keys,
        double[][][] Batches,
        int[][] Labels,
        double[][] TestRows,
        int Classes,
        GoldenValueTrace[] Traces,
        [property: System.Text.Json.Serialization.JsonPropertyName("T3.9")] GoldenNeverUsed T39,
        GoldenTop Topk);

    private sealed record GoldenValueTrace(
        string Name, GoldenValueOptions Options, GoldenValueStep[] Steps, GoldenPrediction Prediction);

    private sealed record GoldenValueStep(
        int[][] Assignments, double Loss, double GradientNorm, double[][][] Values, long[][] FetchCounts);

    private sealed record GoldenPrediction(GoldenMaskedPrediction Masked, GoldenMaskedPrediction Unmasked);

    private sealed record GoldenMaskedPrediction(int[][] Assignments, double[][] Logits, int[]? Labels);

    private sealed record GoldenNeverUsed(int Head, double[] HeadInput, int UnmaskedIndex, int MaskedIndex);

    private sealed record GoldenTop(double[] HeadInput, int Head, int T, int[] Indices);

    private sealed record GoldenValueOptions(double Lr, double Ls, double? Clip, double? Scale)
    {
        public BottleneckSettings Settings => new()
        {
            LearningRate = Lr,
            LearningRateScale = Scale is null ? LearningRateScale.Official : LearningRateScale.PerHead,
            LabelSmoothing = Ls,
            GradientClip = Clip,
            NormalizeFeatures = false,
        };
    }
}
