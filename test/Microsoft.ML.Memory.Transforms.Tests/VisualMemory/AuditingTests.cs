// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class AuditingTests
{
    /// <summary>The bytes of three of it are the text of twelve letters A.</summary>
    private const float LettersA = 12.078431f;

    private static readonly VisualMemoryOptions _options = new() { NeighborCount = 5, IdColumnName = "Id" };

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Removed_entries_are_forgotten()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);
        long[] ids = [3, 17, 40];

        ForgettingAudit audit = before.VerifyForgotten(before.Remove(ids), ids, probes);

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
        Assert.AreEqual(3, audit.RemovedCount);
        Assert.AreEqual(97, audit.RemainingCount);
        Assert.AreEqual(60 + 3, audit.ProbeCount);
        Assert.IsGreaterThan(97 * 12, audit.ScannedBytes);
        Assert.IsEmpty(audit.Indistinguishable);
        StringAssert.StartsWith(audit.ToTable(), "forgotten: 3 removed, 97 left, 63 probes, ");
        CollectionAssert.AreEqual(
            new[]
            {
                "removed ids", "classes of the remaining entries", "remaining entries", "neighbours of the probes",
                "scores of the probes", "predicted classes of the probes", "entries saved and loaded",
                "removed vectors in the saved bytes",
            },
            audit.Checks.Select(check => check.Name).ToArray());
        CollectionAssert.AreEqual(
            new long[] { 3, 97, 97, 63, 63, 63, 97, 3 }, audit.Checks.Select(check => check.Compared).ToArray());
    }

    [TestMethod]
    public void A_forgotten_class_may_be_dropped()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);
        int bee = before.ClassNames.ToList().IndexOf("bee");
        long[] ids = [.. before.Model.Entries.Where(entry => entry.Label == bee).Select(entry => entry.Id)];

        ForgettingAudit audit = before.VerifyForgotten(before.Remove(ids).DropEmptyClasses(), ids, probes);

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
    }

    [TestMethod]
    public void An_emptied_memory_has_forgotten_all()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);

        ForgettingAudit audit = before.VerifyForgotten(
            before.RemoveWhere(_ => true), before.Model.Entries.Select(entry => entry.Id), probes);

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
        Assert.AreEqual(0, audit.RemainingCount);
    }

    [TestMethod]
    public void A_memory_that_still_has_the_entry_fails()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);

        ForgettingAudit audit = before.VerifyForgotten(before, [17], probes);

        Assert.IsFalse(audit.IsForgotten);
        StringAssert.StartsWith(audit.ToTable(), "NOT FORGOTTEN: 1 removed, 99 left, 61 probes, ");
        Assert.AreEqual("1 are still there, first 17", Finding(audit, "removed ids"));
        Assert.AreEqual(
            "id 17 stands where id 18 was, or its fields differ", Finding(audit, "remaining entries"));
        Assert.AreEqual(
            "1 are there, first that of id 17", Finding(audit, "removed vectors in the saved bytes"));
        Assert.Contains("differ, first in probe ", Finding(audit, "neighbours of the probes"));
        Assert.Contains("differ, first in probe ", Finding(audit, "scores of the probes"));
    }

    [TestMethod]
    public void A_memory_that_hides_the_vector_under_another_id_fails()
    {
        Point[] train = Points.Draw(100, seed: 1);
        VisualMemoryTransformer before = Points.FitMemory(_mlContext, train, _options);
        Point hidden = train[17];
        hidden.Id = 1000;
        VisualMemoryTransformer forged = before.Remove(17).Add(Points.View(_mlContext, [hidden]));

        ForgettingAudit audit = before.VerifyForgotten(forged, [17], Points.View(_mlContext, []));

        Assert.AreEqual("", Finding(audit, "removed ids"));
        Assert.AreEqual("id 1000 should not be there", Finding(audit, "remaining entries"));
        Assert.AreEqual("1 differ, first in probe 0", Finding(audit, "neighbours of the probes"));
        Assert.AreEqual("id 1000 should not be there", Finding(audit, "entries saved and loaded"));
        Assert.AreEqual("1 are there, first that of id 17", Finding(audit, "removed vectors in the saved bytes"));
    }

    [TestMethod]
    public void A_vector_that_the_numbers_of_a_graph_spell_by_chance_cannot_be_told_apart()
    {
        Point[] points = Points.Draw(60, seed: 1);
        points[7].Features = [0, 0, 0];
        VisualMemoryTransformer before = Points.FitMemory(_mlContext, points, new VisualMemoryOptions
        {
            NeighborCount = 5,
            Metric = Metric.SquaredEuclidean,
            Index = new IndexOptions { Strategy = SearchStrategy.Graph },
        });

        ForgettingAudit audit = before.VerifyForgotten(before.Remove(7), [7], Points.View(_mlContext, []));

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
        CollectionAssert.AreEqual(new long[] { 7 }, audit.Indistinguishable.ToArray());
    }

    [TestMethod]
    [DataRow(98, DisplayName = "a sequence number")]
    [DataRow(100, DisplayName = "the counters")]
    public void A_short_vector_that_sequence_numbers_spell_by_chance_cannot_be_told_apart(int number)
    {
        var random = new Random(7);
        Octet[] rows = [.. Enumerable.Range(0, 100).Select(row => new Octet
        {
            Features = [.. Enumerable.Range(0, 8).Select(each => row == 17 ? 0f : random.Next(1, 256))],
        })];
        rows[17].Features[0] = number;
        VisualMemoryTransformer before = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 3).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        IDataView none = _mlContext.Data.LoadFromEnumerable<Octet>([]);
        VisualMemoryTransformer after = before.Remove(3, 17, 99);
        Octet hidden = new() { Features = rows[17].Features };
        VisualMemoryTransformer forged = after.Add(_mlContext.Data.LoadFromEnumerable([hidden]));

        ForgettingAudit audit = before.VerifyForgotten(after, [3, 17, 99], none);
        ForgettingAudit caught = before.VerifyForgotten(forged, [3, 17, 99], none);

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
        CollectionAssert.AreEqual(new long[] { 17 }, audit.Indistinguishable.ToArray());
        Assert.AreEqual("1 are there, first that of id 17", Finding(caught, "removed vectors in the saved bytes"));
    }

    [TestMethod]
    public void A_memory_that_forgot_more_or_changed_another_fails()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);

        ForgettingAudit more = before.VerifyForgotten(before.Remove(17, 99), [17], probes);
        ForgettingAudit other = before.VerifyForgotten(
            before.Remove(17, 18).Add(Points.View(
                _mlContext, [new Point { Id = 18, Label = "ant", Features = [9, 9, 9] }])),
            [17, 99],
            probes);

        Assert.AreEqual("id 99 is gone, too", Finding(more, "remaining entries"));
        Assert.AreEqual("1 are still there, first 99", Finding(other, "removed ids"));
        Assert.AreEqual(
            "id 19 stands where id 18 was, or its fields differ", Finding(other, "remaining entries"));
    }

    [TestMethod]
    public void A_class_that_is_lost_fails()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);
        int bee = before.ClassNames.ToList().IndexOf("bee");
        long first = before.Model.Entries.First(entry => entry.Label == bee).Id;
        long other = before.Model.Entries.First(entry => entry.Label != bee).Id;

        ForgettingAudit audit = before.VerifyForgotten(
            before.RemoveWhere(entry => entry.Label == bee).DropEmptyClasses(), [other], probes);

        Assert.IsFalse(audit.IsForgotten);
        Assert.AreEqual(
            $"class bee of id {first} is gone", Finding(audit, "classes of the remaining entries"));
        Assert.AreEqual(0, audit.ProbeCount);
    }

    [TestMethod]
    public void Bytes_of_a_vector_anywhere_in_the_file_fail()
    {
        Point[] train = Points.Draw(100, seed: 1);
        train[17].Features = [LettersA, LettersA, LettersA];
        VisualMemoryTransformer before = Points.FitMemory(_mlContext, train, _options);
        VisualMemoryTransformer after = before.Remove(17);
        var forged = new VisualMemoryTransformer(
            after.Environment, after.Options with { IdColumnName = "xAAAAAAAAAAAA" }, after.Model, after.Classes);

        ForgettingAudit honest = before.VerifyForgotten(after, [17], Points.View(_mlContext, []));
        ForgettingAudit audit = before.VerifyForgotten(forged, [17], Points.View(_mlContext, []));

        Assert.IsTrue(honest.IsForgotten, honest.ToTable());
        CollectionAssert.AreEqual(
            new[] { "removed vectors in the saved bytes" },
            audit.Checks.Where(check => !check.Passed).Select(check => check.Name).ToArray());
    }

    [TestMethod]
    public void A_vector_that_another_entry_has_cannot_be_told_apart()
    {
        Point[] train = Points.Draw(100, seed: 1);
        train[17].Features = train[40].Features;
        VisualMemoryTransformer before = Points.FitMemory(_mlContext, train, _options);

        ForgettingAudit audit = before.VerifyForgotten(before.Remove(17, 30), [17, 30], Points.View(_mlContext, []));

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
        CollectionAssert.AreEqual(new long[] { 17 }, audit.Indistinguishable.ToArray());
        Assert.Contains("  note    1 removed vectors are also those of entries", audit.ToTable());
    }

    [TestMethod]
    [DataRow(200, true, DisplayName = "packed to bytes")]
    [DataRow(200, false, DisplayName = "as singles")]
    [DataRow(20_000, false, DisplayName = "scrambled")]
    public void Every_encoding_is_audited(int count, bool isWhole)
    {
        Wide[] rows = Wide.Draw(count, isWhole);
        VisualMemoryTransformer before = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 3).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        IDataView probes = _mlContext.Data.LoadFromEnumerable(rows.Take(20));
        VisualMemoryTransformer after = before.Remove(5, 6, 150);
        VisualMemoryTransformer forged = after.Add(_mlContext.Data.LoadFromEnumerable(rows.Skip(6).Take(1)));

        ForgettingAudit honest = before.VerifyForgotten(after, [5, 6, 150], probes);
        ForgettingAudit caught = before.VerifyForgotten(forged, [5, 6, 150], probes);

        Assert.IsTrue(honest.IsForgotten, honest.ToTable());
        Assert.IsEmpty(honest.Indistinguishable);
        Assert.AreEqual($"id {count} should not be there", Finding(caught, "entries saved and loaded"));
        string bytes = count > 10_000 ? "" : "1 are there, first that of id 6";
        Assert.AreEqual(bytes, Finding(caught, "removed vectors in the saved bytes"));
    }

    [TestMethod]
    public void Adding_and_removing_restores_every_output_bit_for_bit()
    {
        var random = new Random(20_261_121);
        for (int run = 0; run < 25; run++)
        {
            Point[] points = Points.Draw(random.Next(2, 80), random.Next());
            var options = _options with { NeighborCount = random.Next(1, 12), Vote = (VoteKind)(run % 4) };
            Point one = points[random.Next(points.Length)];
            Point[] others = [.. points.Where(point => point != one)];
            VisualMemoryTransformer all = Points.FitMemory(_mlContext, points, options);
            VisualMemoryTransformer without = all.Remove(one.Id);
            IDataView probes = Points.View(_mlContext, Points.Draw(40, random.Next()));

            VisualMemoryTransformer again = without.Add(Points.View(_mlContext, [one]));
            VisualMemoryTransformer fewer = again.Remove(one.Id);

            AssertSame(all.Explain(probes), again.Explain(probes));
            AssertSame(without.Explain(probes), fewer.Explain(probes));
            ForgettingAudit audit = all.VerifyForgotten(fewer, [one.Id], probes);
            Assert.IsTrue(audit.IsForgotten, audit.ToTable());
            Assert.AreEqual(others.Length, audit.RemainingCount);
        }
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        VisualMemoryTransformer before = Memory(out IDataView probes);
        VisualMemoryTransformer wide = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 3).Fit(_mlContext.Data.LoadFromEnumerable(Wide.Draw(5, true)));

        AssertRefused(
            "ids must name at least one entry. Got none. (Parameter 'ids')",
            () => before.VerifyForgotten(before, [], probes));
        AssertRefused(
            "ids must be stored in the memory before. Got 1234, which is not. (Parameter 'ids')",
            () => before.VerifyForgotten(before, [1234], probes));
        AssertRefused(
            "ids must differ. Got 3 twice. (Parameter 'ids')",
            () => before.VerifyForgotten(before, [3, 3], probes));
        AssertRefused(
            "after must be a memory of 3 values and metric Cosine to be compared. "
            + "Got 16 values and metric Cosine. (Parameter 'after')",
            () => before.VerifyForgotten(wide, [3], probes));
        AssertRefused(
            "Column 'Features' must be a vector of 3 values to match the memory. Got 16. "
            + "Use the features that the memory was trained on.",
            () => before.VerifyForgotten(
                before.Remove(3), [3], _mlContext.Data.LoadFromEnumerable(Wide.Draw(5, true))));
    }

    private static void AssertRefused(string message, Action action)
        => Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentException>(action).Message);

    private static void AssertSame(IReadOnlyList<Explanation> expected, IReadOnlyList<Explanation> actual)
        => CollectionAssert.AreEqual(
            expected.Select(each => each.ToJson()).ToArray(), actual.Select(each => each.ToJson()).ToArray());

    private static string Finding(ForgettingAudit audit, string name)
        => audit.Checks.Single(check => check.Name == name).Finding;

    private VisualMemoryTransformer Memory(out IDataView probes)
    {
        probes = Points.View(_mlContext, Points.Draw(60, seed: 3));
        return Points.FitMemory(_mlContext, Points.Draw(100, seed: 1), _options);
    }

    private sealed class Octet
    {
        [KeyType(3)]
        public uint Label { get; set; } = 1;

        [VectorType(8)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Wide
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(16)]
        public float[] Features { get; set; } = [];

        public static Wide[] Draw(int count, bool isWhole)
        {
            var random = new Random(5);
            return [.. Enumerable.Range(0, count).Select(row => new Wide
            {
                Label = (uint)(row % 3),
                Features = [.. Enumerable.Range(0, 16).Select(
                    _ => isWhole ? random.Next(256) : random.NextSingle())],
            })];
        }
    }
}
