// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class CodebookTrainerTests
{
    private static readonly GoldenTraining _golden = GoldenFiles.Json<GoldenTraining>("mbc/training.json");
    private static readonly GoldenQuantiser _quantiser = GoldenFiles.Json<GoldenQuantiser>("mbc/quantiser.json");

    public static IEnumerable<object[]> Names => _golden.Traces.Select(trace => new object[] { trace.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Step_by_step_codes_equal_reference(string name)
    {
        GoldenTrace trace = _golden.Traces.Single(each => each.Name == name);
        var trainer = new CodebookTrainer(trace.Options.Settings, GoldenArrays.Doubles(_golden.Codebook0), 3);
        for (int batch = 0; batch < _golden.Batches.Length; batch++)
        {
            float[] rows = GoldenArrays.Floats(_golden.Batches[batch]);

            double loss = trainer.Step(rows, _golden.ReplacementOrder[batch]);

            GoldenStep step = trace.Steps[batch];
            string what = $"batch {batch}";
            CollectionAssert.AreEqual(step.Indices, trainer.Nearest.ToArray(), what);
            Assert.AreEqual(step.Loss, loss, Approx.Float, what);
            Assert.AreEqual(step.Perplexity, trainer.Perplexity, Approx.Float, what);
            Approx.AssertEqual(
                GoldenArrays.Doubles(step.CodebookGradient), trainer.Gradients.ToArray(), Approx.Float, what);
            Approx.AssertEqual(step.UsageAfterReset, trainer.Usage.ToArray(), Approx.Float, what);

            // Adam divides tiny gradients by their own size, which magnifies the rounding of rows to single precision.
            Approx.AssertEqual(GoldenArrays.Doubles(step.CodebookAfterStep), trainer.Codes.ToArray(), 1e-5, what);
        }
    }

    [TestMethod]
    public void T4_1_loss_and_gradient_of_one_row()
    {
        var trainer = new CodebookTrainer(new CodebookSettings { Reset = CodeReset.Never }, [0, 1], 1);

        double loss = trainer.Step([0.3f], [0]);

        Assert.AreEqual(0.1125, loss, Approx.Float);
        Approx.AssertEqual([-0.6, 0], trainer.Gradients.ToArray(), Approx.Float, "gradient");
        CollectionAssert.AreEqual(new[] { 0 }, trainer.Nearest.ToArray());
    }

    [TestMethod]
    public void T4_2_dead_codes_move_to_rows_and_get_the_mean_usage()
    {
        var trainer = new CodebookTrainer(
            new CodebookSettings
            {
                LearningRate = 1e-12,
                Reset = CodeReset.BelowThreshold,
                ResetThreshold = 1e-4,
            }, [0, 5, 9], 1);

        trainer.Step([0.1f, 0.2f, 0.3f, 0.4f], [2, 0, 1, 3]);

        Approx.AssertEqual([0.04, 0.04 / 3, 0.04 / 3], trainer.Usage.ToArray(), Approx.Float, "usage");
        Approx.AssertEqual([0, 0.3, 0.1], trainer.Codes.ToArray(), Approx.Float, "codes");
    }

    [TestMethod]
    public void T4_6_perplexity_equals_reference()
    {
        for (int index = 0; index < _quantiser.T46.Histograms.Length; index++)
        {
            Assert.AreEqual(
                _quantiser.T46.Perplexity[index],
                CodePerplexity.Of(_quantiser.T46.Histograms[index]),
                Approx.Reference);
        }

        Assert.AreEqual(1, CodePerplexity.Of([0, 0]));
    }

    [TestMethod]
    public void Quantise_larger_case_equals_reference()
    {
        GoldenCase golden = _quantiser.Case;
        var trainer = new CodebookTrainer(
            new CodebookSettings { Reset = CodeReset.Never }, GoldenArrays.Doubles(golden.Codebook), 3);

        double loss = trainer.Step(GoldenArrays.Floats(golden.X), [.. Enumerable.Range(0, golden.X.Length)]);

        CollectionAssert.AreEqual(golden.Indices, trainer.Nearest.ToArray());
        Assert.AreEqual(golden.Loss, loss, Approx.Float);
        Assert.AreEqual(golden.Perplexity, trainer.Perplexity, Approx.Float);
        Approx.AssertEqual(
            GoldenArrays.Doubles(golden.CodebookGradient), trainer.Gradients.ToArray(), Approx.Float, "gradient");
    }

    private sealed record GoldenTraining(
        double[][] Codebook0, double[][][] Batches, int[][] ReplacementOrder, GoldenTrace[] Traces);

    private sealed record GoldenTrace(string Name, GoldenOptions Options, GoldenStep[] Steps);

    private sealed record GoldenStep(
        int[] Indices,
        double Loss,
        double[][] CodebookGradient,
        double Perplexity,
        double[] UsageAfterReset,
        double[][] CodebookAfterStep);

    private sealed record GoldenOptions(double Lr, bool Reset, bool Clear, double Decay, double Thr)
    {
        public CodebookSettings Settings => new()
        {
            LearningRate = Lr,
            Reset = Reset ? CodeReset.BelowThreshold : CodeReset.Never,
            ClearMoments = Clear,
            UsageDecay = Decay,
            ResetThreshold = Thr,
        };
    }

    private sealed record GoldenQuantiser(
        [property: System.Text.Json.Serialization.JsonPropertyName("T4.6")] GoldenPerplexity T46, GoldenCase Case);

    private sealed record GoldenPerplexity(long[][] Histograms, double[] Perplexity);

    private sealed record GoldenCase(
        double[][] Codebook, double[][] X, int[] Indices, double Loss, double[][] CodebookGradient, double Perplexity);
}
