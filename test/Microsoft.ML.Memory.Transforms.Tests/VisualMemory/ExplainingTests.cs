// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class ExplainingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(VoteKind.Rank)]
    [DataRow(VoteKind.Plurality)]
    [DataRow(VoteKind.Distance)]
    [DataRow(VoteKind.Softmax)]
    public void Explain_reproduces_what_transform_says_bit_for_bit(VoteKind vote)
    {
        Point[] test = Points.Draw(300, seed: 3, classCount: 4);
        test[7].Features[1] = float.NaN;
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext,
            Points.Draw(200, seed: 1, classCount: 4),
            new VisualMemoryOptions { NeighborCount = 20, Vote = vote, NeighborColumns = NeighborColumns.All });
        IDataView rows = Points.View(_mlContext, test);
        Answer[] answers = [.. _mlContext.Data.CreateEnumerable<Answer>(
            memory.Transform(rows), reuseRowObject: false)];

        IReadOnlyList<Explanation> explanations = memory.Explain(rows);

        Assert.HasCount(test.Length, explanations);
        for (int row = 0; row < test.Length; row++)
        {
            Explanation each = explanations[row];
            Assert.AreEqual((long)row, each.Row);
            Assert.AreEqual(answers[row].PredictedLabel, (uint)((each.PredictedClass ?? -1) + 1));
            CollectionAssert.AreEqual(answers[row].Score, each.Scores.ToArray());
            CollectionAssert.AreEqual(answers[row].NeighborIds, each.Contributions.Select(one => one.Id).ToArray());
            CollectionAssert.AreEqual(
                answers[row].NeighborDistances, each.Contributions.Select(one => one.Distance).ToArray());
            AssertSharesMakeScores(each);
        }
    }

    [TestMethod]
    public void Shares_sum_to_one_and_to_every_score_whatever_the_memory()
    {
        var random = new Random(20_261_121);
        for (int run = 0; run < 60; run++)
        {
            VisualMemoryTransformer memory = Points.FitMemory(
                _mlContext,
                Points.Draw(random.Next(1, 61), random.Next()),
                new VisualMemoryOptions { NeighborCount = random.Next(1, 71), Vote = (VoteKind)(run % 4) });
            foreach (Point point in Points.Draw(5, random.Next()))
                AssertSharesMakeScores(memory.Explain(point.Features));
        }
    }

    [TestMethod]
    public void Three_entries_by_hand()
    {
        VisualMemoryTransformer memory = Hand();

        Explanation explanation = memory.Explain([1, 0, 0]);

        // weights 1/2, 1/3, 1/4 of 13/12 in all: 6/13, 4/13, 3/13
        Assert.IsNull(explanation.Row);
        Assert.AreEqual("bee", explanation.PredictedLabel);
        CollectionAssert.AreEqual(
            new long[] { 10, 20, 30 }, explanation.Contributions.Select(each => each.Id).ToArray());
        CollectionAssert.AreEqual(
            new[] { 0, 1, 2 }, explanation.Contributions.Select(each => each.Rank).ToArray());
        Assert.AreEqual(6 / 13.0, explanation.Contributions[0].Share, 1e-7);
        Assert.AreEqual(7 / 13.0, explanation.Contributions.Skip(1).Sum(each => each.Share), 1e-7);
        Assert.AreEqual(1f, explanation.Contributions[2].EntryWeight);
        Assert.AreEqual(0f, explanation.Contributions[0].Distance);
    }

    [TestMethod]
    public void Table_and_json_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = WithCommas();
        try
        {
            Explanation explanation = Hand().Explain(Points.View(
                _mlContext, [new Point { Features = [1, 0, 0] }]))[0];

            Assert.AreEqual(
                "bee, score 0.5385\n"
                + "   #  id  label    distance    share\n"
                + "   1  10  ant             0   46.2 %\n"
                + "   2  20  bee      0.292893   30.8 %\n"
                + "   3  30  bee             1   23.1 %\n",
                explanation.ToTable());
            using var json = JsonDocument.Parse(explanation.ToJson());
            JsonElement root = json.RootElement;
            Assert.AreEqual(0, root.GetProperty("row").GetInt64());
            Assert.AreEqual("bee", root.GetProperty("predictedLabel").GetString());
            Assert.AreEqual(1, root.GetProperty("predictedClass").GetInt32());
            Assert.AreEqual(explanation.Scores[1], root.GetProperty("scores")[1].GetProperty("score").GetSingle());
            JsonElement second = root.GetProperty("contributions")[1];
            Assert.AreEqual(20, second.GetProperty("id").GetInt64());
            Assert.AreEqual(1, second.GetProperty("rank").GetInt32());
            Assert.AreEqual(explanation.Contributions[1].Share, second.GetProperty("share").GetDouble());
            Assert.AreEqual(
                explanation.Contributions[1].Distance, second.GetProperty("distance").GetSingle());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void A_row_without_neighbours_has_no_prediction_to_explain()
    {
        Explanation explanation = Hand().Explain([float.NaN, 0, 0]);

        Assert.IsNull(explanation.PredictedLabel);
        Assert.IsEmpty(explanation.Contributions);
        Assert.AreEqual("no prediction\n   #  id  label    distance    share\n", explanation.ToTable());
        Assert.AreEqual(2 / 3f, explanation.Scores[1]);
        Assert.Contains("\"row\":null,\"predictedClass\":null,\"predictedLabel\":null", explanation.ToJson());
    }

    [TestMethod]
    public void A_distance_beyond_single_is_null_in_json()
    {
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext,
            [new Point { Label = "ant", Features = [1e30f, 0, 0] }],
            new VisualMemoryOptions { Metric = Metric.SquaredEuclidean });

        Explanation explanation = memory.Explain([0, 0, 0]);

        Assert.AreEqual(float.PositiveInfinity, explanation.Contributions[0].Distance);
        Assert.Contains("\"label\":\"ant\",\"distance\":null,\"entryWeight\":1", explanation.ToJson());
    }

    [TestMethod]
    public void Contact_sheet_is_a_png_of_the_images_asked_for()
    {
        Explanation explanation = Hand().Explain([1, 0, 0]);
        var asked = new List<long>();

        byte[] sheet = explanation.ToContactSheet(
            id =>
            {
                asked.Add(id);
                return id == 30 ? null : new SheetImage(6, 4, new byte[24 * (id == 10 ? 1 : 3)]);
            },
            new SheetImage(4, 4, new byte[16]),
            trueLabel: "ant");

        CollectionAssert.AreEqual(new long[] { 10, 20, 30 }, asked);
        CollectionAssert.AreEqual(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }, sheet[..4]);
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        VisualMemoryTransformer memory = Hand();
        Explanation explanation = memory.Explain([1, 0, 0]);

        AssertRefused<ArgumentException>(
            "features must be [d] = 3 values long. Got 2. (Parameter 'features')",
            () => memory.Explain([1, 0]));
        AssertRefused<ArgumentException>(
            "Column 'Features' must be in the data. Got columns 'Label'.",
            () => memory.Explain(_mlContext.Data.LoadFromEnumerable(new[] { new { Label = "" } })));
        AssertRefused<ArgumentException>(
            "ToContactSheet's scale must be in [1, 64]. Got 0. (Parameter 'scale')",
            () => explanation.ToContactSheet(_ => null, scale: 0));
        AssertRefused<InvalidOperationException>(
            "Explanation.ToContactSheet must have a neighbour to draw. Got none. "
            + "Explain a row with finite features, by a memory with entries.",
            () => memory.Explain([float.NaN, 0, 0]).ToContactSheet(_ => null));
        AssertRefused<ArgumentException>(
            "pixels must be 6 grey or 18 colour values long for [3, 2]. Got 7. (Parameter 'pixels')",
            () => _ = new SheetImage(2, 3, new byte[7]));
        AssertRefused<ArgumentException>(
            "SheetImage's width and height must be in [1, 4096]. Got 0 and 3.",
            () => _ = new SheetImage(0, 3, new byte[0]));
    }

    private static void AssertRefused<TError>(string message, Action action)
        where TError : Exception
        => Assert.AreEqual(message, Assert.ThrowsExactly<TError>(action).Message);

    private static void AssertSharesMakeScores(Explanation explanation)
    {
        if (explanation.PredictedClass is null)
        {
            Assert.IsTrue(explanation.Contributions.All(each => each.Share == 0));
            return;
        }

        var sums = new double[explanation.Scores.Count];
        foreach (Contribution each in explanation.Contributions) sums[each.Class] += each.Share;
        for (int index = 0; index < sums.Length; index++)
            Assert.AreEqual(explanation.Scores[index], (float)sums[index]);
        Assert.AreEqual(1, sums.Sum(), 1e-6);
    }

    private static CultureInfo WithCommas()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        return culture;
    }

    private VisualMemoryTransformer Hand()
        => Points.FitMemory(
            _mlContext,
            [
                new Point { Id = 10, Label = "ant", Features = [1, 0, 0] },
                new Point { Id = 20, Label = "bee", Features = [1, 1, 0] },
                new Point { Id = 30, Label = "bee", Features = [0, 1, 0] },
            ],
            new VisualMemoryOptions { NeighborCount = 3, IdColumnName = "Id" });

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public long[] NeighborIds { get; set; } = [];

        public float[] NeighborDistances { get; set; } = [];
    }
}
