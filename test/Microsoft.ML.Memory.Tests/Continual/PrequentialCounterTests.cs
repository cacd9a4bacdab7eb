// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Continual;

[TestClass]
public sealed class PrequentialCounterTests
{
    [TestMethod]
    public void Five_rows_by_hand()
    {
        var counter = new PrequentialCounter(windowLength: 2);
        int[] labels = [0, 0, 1, 1, 1];
        int?[] predictions = [0, 1, 1, null, 1];

        for (int row = 0; row < labels.Length; row++) counter.Add(labels[row], predictions[row]);
        PrequentialMetrics metrics = counter.Metrics;

        // no change: . r . r r    majority: . r . . . (after 0 0 1 1 the classes tie, and 0 got there first)
        Assert.AreEqual(5, metrics.Count);
        Assert.AreEqual(0.6, metrics.Accuracy, Approx.Reference);
        Assert.AreEqual(0.6, metrics.NoChangeAccuracy, Approx.Reference);
        Assert.AreEqual(0.2, metrics.MajorityAccuracy, Approx.Reference);
        Assert.AreEqual(2, metrics.WindowCount);
        Assert.AreEqual(0.5, metrics.WindowAccuracy);
        Assert.AreEqual(1.0, metrics.WindowNoChangeAccuracy);
        Assert.AreEqual(0.0, metrics.WindowMajorityAccuracy);
        double byChance = (2 / 5.0 * (1 / 5.0)) + (3 / 5.0 * (3 / 5.0));
        Assert.AreEqual((0.6 - byChance) / (1 - byChance), metrics.Kappa!.Value, Approx.Reference);
        Assert.AreEqual(0, metrics.KappaTemporal!.Value, Approx.Reference);
        Assert.AreEqual(0.5, metrics.KappaMajority!.Value, Approx.Reference);
    }

    [TestMethod]
    public void Runs_of_labels_make_no_change_hard_to_beat()
    {
        var counter = new PrequentialCounter();

        for (int row = 0; row < 100; row++) counter.Add(row / 25, row / 25 == 3 ? 0 : row / 25);

        Assert.AreEqual(0.75, counter.Metrics.Accuracy);
        Assert.AreEqual(0.96, counter.Metrics.NoChangeAccuracy);
        Assert.IsLessThan(0, counter.Metrics.KappaTemporal!.Value);
    }

    [TestMethod]
    public void One_class_has_no_kappa_by_chance()
    {
        var counter = new PrequentialCounter();

        counter.Add(0, 0);
        counter.Add(0, 0);

        Assert.IsNull(counter.Metrics.Kappa);
        Assert.AreEqual(1.0, counter.Metrics.KappaMajority);
    }

    [TestMethod]
    public void A_long_window_equals_the_whole_and_a_short_one_its_end()
    {
        var random = new Random(1);
        (int Label, int Prediction)[] rows = [.. Enumerable.Range(0, 300).Select(
            _ => (random.Next(4), random.Next(4)))];
        var whole = new PrequentialCounter(1000);
        var last = new PrequentialCounter(50);

        foreach ((int label, int prediction) in rows)
        {
            whole.Add(label, prediction);
            last.Add(label, prediction);
        }

        Assert.AreEqual(whole.Metrics.Accuracy, whole.Metrics.WindowAccuracy);
        Assert.AreEqual(whole.Metrics.MajorityAccuracy, whole.Metrics.WindowMajorityAccuracy);
        Assert.AreEqual(
            rows[^50..].Count(row => row.Label == row.Prediction) / 50.0, last.Metrics.WindowAccuracy);
        Assert.AreEqual(whole.Metrics.Accuracy, last.Metrics.Accuracy);
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        var counter = new PrequentialCounter();

        Refusal.Assert<InvalidOperationException>(
            "PrequentialCounter must have counted at least one row. Got none. Call Add first.",
            () => _ = counter.Metrics);
        Refusal.Assert<ArgumentException>(
            "Add's label must be at least 0. Got -1. (Parameter 'label')", () => counter.Add(-1, 0));
        Refusal.Assert<ArgumentException>(
            "Add's prediction must be at least 0. Got -2. (Parameter 'prediction')", () => counter.Add(0, -2));
        Refusal.Assert<ArgumentException>(
            "PrequentialCounter's windowLength must be at least 1. Got 0. (Parameter 'windowLength')",
            () => _ = new PrequentialCounter(0));
    }
}
