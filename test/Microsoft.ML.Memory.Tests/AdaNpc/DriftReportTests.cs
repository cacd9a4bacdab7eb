// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class DriftReportTests
{
    [TestMethod]
    public void Report_of_two_domains_shows_the_drift()
    {
        var memory = new AdaptiveMemory(Streams.Source(60), 3, new() { ConfidenceThreshold = 2 });
        memory.StartDomain("still");
        Streams.Describe(memory, Streams.Rows(60, seed: 2, drift: 0));
        memory.StartDomain("drifted");
        Streams.Describe(memory, Streams.Rows(60, seed: 3, drift: 1));

        IReadOnlyList<DomainSummary> domains = memory.Report().Domains;

        CollectionAssert.AreEqual(
            new[] { "still", "drifted" }, domains.Select(domain => domain.Name).ToArray());
        Assert.AreEqual(60, domains[0].RowCount);
        Assert.IsLessThan(domains[0].MeanConfidence, domains[1].MeanConfidence);
        Assert.IsGreaterThan(domains[0].MeanEntropy, domains[1].MeanEntropy);
        Assert.AreEqual(1, domains[1].ClassShares.Sum(), Approx.Reference);
    }

    [TestMethod]
    public void Report_counts_by_hand()
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 0, 0, 1], [0, 1]);
        var memory = new AdaptiveMemory(
            bank.Snapshot(), 2, new() { NeighborCount = 1, ConfidenceThreshold = 0, Capacity = 3 });

        memory.Adapt([1, 0, float.NaN, 0, 3, 4], new AdaptivePredictions());
        memory.Adapt([2, 0], new AdaptivePredictions());

        DomainSummary domain = memory.Report().Domains.Single();
        Assert.AreEqual(4, domain.RowCount);
        Assert.AreEqual(1, domain.UnpredictedCount);
        Assert.AreEqual(3, domain.AddedCount);
        Assert.AreEqual(2, domain.EvictedCount);
        Assert.AreEqual(0, domain.RefusedCount);
        Assert.AreEqual(1, domain.MeanConfidence);
        Assert.AreEqual(0.2 / 3, domain.MeanDistance, Approx.Float);
        Assert.AreEqual(0, domain.MeanEntropy);
        Assert.AreEqual((2.0 / 3) - 0.5, domain.ClassShift, Approx.Reference);
    }

    [TestMethod]
    public void Entropy_of_sure_votes_is_zero_and_never_below()
    {
        var memory = new AdaptiveMemory(Streams.Source(60), 3, new() { ConfidenceThreshold = 2, Temperature = 1e3 });
        Streams.Describe(memory, [1, 0, 0, 0]);
        var alike = new MemoryBank(4);
        alike.AddRange(Streams.Rows(30, seed: 1, drift: 0), new int[30]);
        var sure = new AdaptiveMemory(alike.Snapshot(), 1, new() { ConfidenceThreshold = 2, NeighborCount = 7 });
        Streams.Describe(sure, Streams.Rows(50, seed: 2, drift: 0));

        Assert.IsGreaterThan(0.3, memory.Report().Domains[0].MeanEntropy);
        double entropy = sure.Report().Domains[0].MeanEntropy;
        Assert.AreEqual(0, entropy, Approx.Reference);
        Assert.IsFalse(double.IsNegative(entropy));
    }

    [TestMethod]
    public void Table_of_a_report_has_a_line_a_domain()
    {
        var memory = new AdaptiveMemory(Streams.Source(6), 3, new() { ConfidenceThreshold = 2 });
        Streams.Describe(memory, [1, 0, 0, 0]);
        memory.StartDomain();
        memory.Reset();
        Streams.Describe(memory, [0, 0, 0, 0]);

        string[] lines = memory.Report().ToTable().Split(
            Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.HasCount(2, lines);
        Assert.AreEqual(
            "domain     rows    added  refused  evicted  confidence  distance  entropy  class shift", lines[0]);
        StringAssert.StartsWith(lines[1], "1             1        0        0        0       0.333     1.000    1.099");
    }
}
