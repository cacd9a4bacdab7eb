// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Continual;

[TestClass]
public sealed class ContinualMetricsTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Metrics_equal_the_reference(int index)
    {
        GoldenContinualCase golden = GoldenFiles.Json<GoldenContinual>("continual/metrics.json").Cases[index];

        var metrics = new ContinualMetrics(Matrix(golden.R), golden.Baseline);

        AssertEqual(golden.Acc, metrics.AverageAccuracy);
        AssertEqual(golden.Bwt, metrics.BackwardTransfer);
        AssertEqual(golden.Fwt, metrics.ForwardTransfer);
        AssertEqual(golden.Forgetting, metrics.Forgetting);
        AssertEqual(golden.ForgettingMaxFromTask0, metrics.ForgettingFromFirstTask);
        AssertEqual(golden.DividedByT?.Bwt, metrics.BackwardTransferDividedByTaskCount);
        AssertEqual(golden.DividedByT?.Fwt, metrics.ForwardTransferDividedByTaskCount);
        if (golden.LearningAccuracy is null) return;
        AssertEqual(golden.LearningAccuracy, metrics.LearningAccuracy);
        AssertEqual(golden.AverageIncremental, metrics.AverageIncrementalAccuracy);
        Approx.AssertEqual(
            golden.ForgettingPerTask!, [.. metrics.ForgettingPerTask], Approx.Reference, "forgetting per task");
    }

    [TestMethod]
    public void Two_tasks_by_hand()
    {
        var metrics = new ContinualMetrics(new[,] { { 0.75, 0.25 }, { 0.5, 1.0 } }, [0.125, 0.125]);

        Assert.AreEqual(0.75, metrics.AverageAccuracy);
        Assert.AreEqual(-0.25, metrics.BackwardTransfer);
        Assert.AreEqual(0.125, metrics.ForwardTransfer);
        Assert.AreEqual(0.25, metrics.Forgetting);
        Assert.AreEqual(0.875, metrics.LearningAccuracy);
        Assert.AreEqual(0.75, metrics.AverageIncrementalAccuracy);
        Assert.AreEqual(0.25, metrics.After(0, 1));
    }

    [TestMethod]
    public void Without_a_baseline_there_is_no_forward_transfer()
    {
        var metrics = new ContinualMetrics(new[,] { { 0.75, 0.25 }, { 0.5, 1.0 } });

        Assert.IsNull(metrics.ForwardTransfer);
        Assert.IsNull(metrics.ForwardTransferDividedByTaskCount);
        Assert.AreEqual(-0.25, metrics.BackwardTransfer);
    }

    [TestMethod]
    public void Metrics_do_not_follow_later_changes_of_the_matrix()
    {
        double[,] accuracies = { { 0.5 } };
        var metrics = new ContinualMetrics(accuracies);

        accuracies[0, 0] = 1;

        Assert.AreEqual(0.5, metrics.AverageAccuracy);
    }

    [TestMethod]
    public void Forgetting_is_never_less_than_what_backward_transfer_loses()
    {
        Gen<int[]> cells = Gen.Choose(0, 100).ArrayOf(16);

        Property never = Prop.ForAll(cells.ToArbitrary(), values =>
        {
            var accuracies = new double[4, 4];
            for (int cell = 0; cell < values.Length; cell++) accuracies[cell / 4, cell % 4] = values[cell] / 100.0;
            var metrics = new ContinualMetrics(accuracies);
            return metrics.Forgetting >= -metrics.BackwardTransfer - Approx.Reference
                && metrics.ForgettingFromFirstTask >= metrics.Forgetting;
        });
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_121, 5), never);
    }

    [TestMethod]
    public void Bad_matrices_are_refused()
    {
        Refusal.Assert<ArgumentException>(
            "accuracies must be [t, t] with t at least 1. Got [2, 3]. (Parameter 'accuracies')",
            () => _ = new ContinualMetrics(new double[2, 3]));
        Refusal.Assert<ArgumentException>(
            "accuracies must be [t, t] with t at least 1. Got [0, 0]. (Parameter 'accuracies')",
            () => _ = new ContinualMetrics(new double[0, 0]));
        Refusal.Assert<ArgumentException>(
            "accuracies must be in [0, 1]. Got NaN at [0, 0]. (Parameter 'accuracies')",
            () => _ = new ContinualMetrics(new[,] { { double.NaN } }));
        Refusal.Assert<ArgumentException>(
            "baseline must be [t] = 1 values long. Got 2. (Parameter 'baseline')",
            () => _ = new ContinualMetrics(new[,] { { 0.5 } }, [0, 0]));
        Refusal.Assert<ArgumentException>(
            "baseline must be in [0, 1]. Got 1.5 at [0]. (Parameter 'baseline')",
            () => _ = new ContinualMetrics(new[,] { { 0.5 } }, [1.5]));
        Refusal.Assert<ArgumentOutOfRangeException>(
            "tested must be in [0, 1). Got 1. (Parameter 'tested')",
            () => new ContinualMetrics(new[,] { { 0.5 } }).After(0, 1));
    }

    private static void AssertEqual(double? expected, double? actual)
    {
        Assert.AreEqual(expected is null, actual is null);
        Assert.AreEqual(expected ?? 0, actual ?? 0, Approx.Reference);
    }

    private static double[,] Matrix(double[][] rows)
    {
        var matrix = new double[rows.Length, rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int column = 0; column < rows.Length; column++) matrix[row, column] = rows[row][column];
        }

        return matrix;
    }
}
