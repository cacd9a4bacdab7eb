// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Checks of stored entries against a memory that they were removed from.</summary>
[TestClass]
public sealed class CheckingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    public static IEnumerable<object[]> Votes => Enum.GetValues<VoteKind>()
        .SelectMany(vote => Enum.GetValues<Metric>().Select(metric => new object[] { vote, metric }));

    [TestMethod]
    [DynamicData(nameof(Votes))]
    public void Entries_are_predicted_as_by_a_memory_without_them(VoteKind vote, Metric metric)
    {
        Point[] points = Points.Draw(60, seed: 5, classCount: 4);
        points[9].Features = points[3].Features;
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext, points, new VisualMemoryOptions { NeighborCount = 7, Vote = vote, Metric = metric });

        AssertAsRemoved(memory, memory.CheckEntries());
    }

    [TestMethod]
    public void Votes_for_ancestors_and_by_weight_are_those_of_a_memory_without_the_entry()
    {
        Point[] points = Points.Draw(50, seed: 6, classCount: 4);
        foreach (Point point in points) point.Weight = point.Id % 4;
        var options = new VisualMemoryOptions
        {
            NeighborCount = 3,
            ExampleWeightColumnName = "Weight",
            IdColumnName = "Id",
            ClassMap = new ClassMap(new Dictionary<string, string> { ["ant"] = "insect", ["bee"] = "insect" }),
        };
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, points, options);

        AssertAsRemoved(memory, memory.CheckEntries());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(9)]
    public void Where_nobody_votes_the_shares_of_the_others_are_the_scores(int count)
    {
        Point[] points = Points.Draw(count, seed: 6, classCount: 4);
        foreach (Point point in points) point.Weight = 0;
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext, points, new VisualMemoryOptions { ExampleWeightColumnName = "Weight" });

        EntryChecks checks = memory.CheckEntries();

        AssertAsRemoved(memory, checks);
        Assert.IsTrue(checks.Entries.All(check => check.PredictedClass is null && !check.IsRight));
        Assert.AreEqual(0, checks.Calibration!.Accuracy);
    }

    [TestMethod]
    public void A_temperature_of_held_out_rows_is_applied_as_by_a_memory_without_the_entry()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(60, seed: 5))
            .Calibrate(Points.View(_mlContext, Points.Draw(90, seed: 8)));

        AssertAsRemoved(memory, memory.CheckEntries());
    }

    [TestMethod]
    public void What_was_fitted_on_the_entries_is_kept_as_it_is()
    {
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(40, seed: 5), options);

            foreach (EntryCheck check in memory.CheckEntries().Entries)
            {
                Explanation explanation = memory.ExplainEntry(check.Id);
                Assert.AreEqual(explanation.PredictedClass, check.PredictedClass);
                Assert.AreEqual(explanation.Scores.Max(), check.Confidence);
                Assert.AreEqual(explanation.Scores[check.Class], check.OwnScore);
                Assert.IsFalse(explanation.Contributions.Any(each => each.Id == check.Id));
            }
        }
    }

    [TestMethod]
    public void An_entry_that_is_pruned_has_no_share_in_others()
    {
        Point[] points = Points.Draw(60, seed: 5);
        points[7].Label = points[7].Label == "ant" ? "bee" : "ant";
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext,
            points,
            new VisualMemoryOptions { NeighborCount = 59, Pruning = new PruningOptions { Kind = PruningKind.Hard } });
        long[] pruned = [.. memory.Model.Entries
            .Where(entry => memory.Trust.Pruning!.IsExcluded(entry.Position)).Select(entry => entry.Id)];

        Explanation explanation = memory.ExplainEntry(memory.Model.Entries.First(each => each.Id != pruned[0]).Id);

        Assert.AreEqual(0, explanation.Contributions.Single(each => each.Id == pruned[0]).Share);
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(40)]
    public void Neighbours_at_hand_serve_as_well_as_a_search(int neighborCount)
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(40, seed: 5));

        EntryChecks searched = memory.CheckEntries();
        EntryChecks given = memory.CheckEntries(EntryNeighbors.Of(memory.Model, neighborCount));

        CollectionAssert.AreEqual(searched.Entries.ToArray(), given.Entries.ToArray());
        Assert.AreEqual(searched.Calibration!.LogLoss, given.Calibration!.LogLoss);
    }

    [TestMethod]
    public void The_report_is_that_of_all_predictions()
    {
        Point[] points = Points.Draw(80, seed: 5, classCount: 4);
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, points);

        EntryChecks checks = memory.CheckEntries();

        Assert.AreEqual(80, checks.Calibration!.RowCount);
        Assert.AreEqual(checks.Entries.Count(check => check.IsRight) / 80.0, checks.Calibration.Accuracy);
        Assert.AreEqual(
            -checks.Entries.Average(check => Math.Log((check.OwnScore + 1e-5) / (1 + 4e-5))),
            checks.Calibration.LogLoss,
            1e-6);
        CollectionAssert.AreEqual(memory.ClassNames.ToArray(), checks.ClassNames.ToArray());
    }

    [TestMethod]
    public void An_empty_memory_has_no_checks_and_no_report()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(3, seed: 5)).RemoveWhere(_ => true);

        EntryChecks checks = memory.CheckEntries(EntryNeighbors.Of(memory.Model));

        Assert.IsEmpty(checks.Entries);
        Assert.IsNull(checks.Calibration);
        Assert.IsEmpty(memory.CheckEntries().Entries);
    }

    [TestMethod]
    public void A_memory_that_ranks_candidates_is_checked_by_all_entries()
    {
        Point[] points = Points.Draw(30, seed: 5);
        VisualMemoryTransformer plain = Points.FitMemory(_mlContext, points);
        VisualMemoryTransformer ranking = Points.FitMemory(
            _mlContext, points, new VisualMemoryOptions { NeighborCount = 5, CandidateColumnName = "Candidates" });

        CollectionAssert.AreEqual(plain.CheckEntries().Entries.ToArray(), ranking.CheckEntries().Entries.ToArray());
        Assert.AreEqual(plain.ExplainEntry(7).ToJson(), ranking.ExplainEntry(7).ToJson());
    }

    [TestMethod]
    public void A_cancelled_check_stops()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(20, seed: 5));
        EntryNeighbors neighbors = EntryNeighbors.Of(memory.Model);
        var cancelled = new CancellationToken(canceled: true);

        Assert.ThrowsExactly<OperationCanceledException>(
            () => memory.CheckEntries(neighbors, cancellationToken: cancelled));
        Assert.ThrowsExactly<OperationCanceledException>(() => memory.CheckEntries(cancellationToken: cancelled));
    }

    [TestMethod]
    public void Too_few_neighbours_those_of_another_memory_and_unknown_ids_are_refused()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(20, seed: 5));

        Assert.AreEqual(
            "neighbors must be at least 5 an entry, as many as vote. Got 4. Find more of them, or change the vote "
            + "with WithVote. (Parameter 'neighbors')",
            Assert.ThrowsExactly<ArgumentException>(
                () => memory.CheckEntries(EntryNeighbors.Of(memory.Model, 4))).Message);
        Assert.AreEqual(
            "neighbors must be those of the entries of this memory's Model. Got those of another memory. "
            + "(Parameter 'neighbors')",
            Assert.ThrowsExactly<ArgumentException>(
                () => memory.CheckEntries(EntryNeighbors.Of(memory.Remove(3).Model))).Message);
        Assert.AreEqual(
            "id must be stored. Got 20, which is not.",
            Assert.ThrowsExactly<KeyNotFoundException>(() => memory.ExplainEntry(20)).Message);
    }

    /// <summary>Asserts, bit for bit, what a memory without the entry says of the entry's features.</summary>
    private static void AssertAsRemoved(VisualMemoryTransformer memory, EntryChecks checks)
    {
        float[] key = new float[memory.Dimension];
        Entry[] entries = [.. memory.Model.Entries];
        Assert.HasCount(entries.Length, checks.Entries);
        for (int row = 0; row < entries.Length; row++)
        {
            memory.Model.CopyKey(entries[row].Position, key);
            Explanation expected = memory.Remove(entries[row].Id).Explain(key);

            EntryCheck check = checks.Entries[row];
            Assert.AreEqual(entries[row].Id, check.Id);
            Assert.AreEqual(memory.Levels.VotedOf(entries[row].Label), check.Class);
            Assert.AreEqual(expected.PredictedClass, check.PredictedClass, $"row {row}");
            Assert.AreEqual(expected.Scores.Max(), check.Confidence, $"row {row}");
            Assert.AreEqual(expected.Scores[check.Class], check.OwnScore, $"row {row}");
            Assert.AreEqual(expected.ToJson(), memory.ExplainEntry(check.Id).ToJson(), $"row {row}");
        }
    }
}
