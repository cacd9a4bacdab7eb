// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class SchemaTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Prediction_columns_carry_the_annotations_of_a_classifier()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(30, seed: 1));

        DataViewSchema schema = memory.Transform(Points.Keyed(_mlContext, Points.Draw(5, seed: 2))).Schema;

        DataViewSchema.Column label = schema["PredictedLabel"];
        DataViewSchema.Column score = schema["Score"];
        Assert.AreEqual("Key<UInt32, 0-2>", label.Type.ToString());
        Assert.AreEqual("Vector<Single, 3>", score.Type.ToString());
        CollectionAssert.AreEqual(memory.ClassNames.ToArray(), Texts(label, "KeyValues"));
        CollectionAssert.AreEqual(memory.ClassNames.ToArray(), Texts(score, "SlotNames"));
        CollectionAssert.AreEqual(memory.ClassNames.ToArray(), Texts(score, "TrainingLabelValues"));
        Assert.AreEqual("MulticlassClassification", Text(score, "ScoreColumnKind"));
        Assert.AreEqual("Score", Text(score, "ScoreValueKind"));
        Assert.AreEqual("PredictedLabel", Text(label, "ScoreValueKind"));
        Assert.AreEqual(1u, SetId(score));
        Assert.AreEqual(SetId(score), SetId(label));
    }

    [TestMethod]
    public void A_second_classifier_gets_a_score_set_of_its_own()
    {
        IDataView data = Points.Keyed(_mlContext, Points.Draw(30, seed: 1));
        IDataView once = Points.FitMemory(_mlContext, Points.Draw(30, seed: 1)).Transform(data);

        DataViewSchema schema = Points.FitMemory(_mlContext, Points.Draw(30, seed: 1)).Transform(once).Schema;

        Assert.AreEqual(2u, SetId(schema["Score"]));
    }

    [TestMethod]
    public void Neighbour_columns_show_who_voted()
    {
        Point[] train =
        [
            new() { Label = "ant", Id = 70, Features = [1, 0, 0] },
            new() { Label = "bee", Id = 71, Features = [0, 1, 0] },
            new() { Label = "bee", Id = 72, Features = [0, 0.9f, 0.1f] },
        ];
        var options = new VisualMemoryOptions
        {
            NeighborCount = 2,
            IdColumnName = "Id",
            Metric = Metric.SquaredEuclidean,
            Vote = VoteKind.Plurality,
            NeighborColumns = NeighborColumns.All,
        };
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, train, options);

        IDataView scored = memory.Transform(Points.View(_mlContext, [new Point { Features = [0, 1, 0] }]));

        CollectionAssert.AreEqual(new long[] { 71, 72 }, scored.GetColumn<long[]>("NeighborIds").Single());
        CollectionAssert.AreEqual(new uint[] { 2, 2 }, scored.GetColumn<uint[]>("NeighborLabels").Single());
        CollectionAssert.AreEqual(new[] { 0.5f, 0.5f }, scored.GetColumn<float[]>("NeighborWeights").Single());
        float[] distances = scored.GetColumn<float[]>("NeighborDistances").Single();
        Assert.AreEqual(0f, distances[0]);
        Assert.AreEqual(0.02f, distances[1], 1e-7f);
        Assert.AreEqual("Vector<Int64>", scored.Schema["NeighborIds"].Type.ToString());
        CollectionAssert.AreEqual(new[] { "ant", "bee" }, Texts(scored.Schema["NeighborLabels"], "KeyValues"));
    }

    [TestMethod]
    public void Trainer_needs_neither_normalised_nor_cached_data()
    {
        TrainerInfo info = _mlContext.MulticlassClassification.Trainers.VisualMemory().Info;

        Assert.IsFalse(info.NeedNormalization);
        Assert.IsFalse(info.WantCaching);
    }

    [TestMethod]
    public void Inactive_columns_are_not_computed_and_cannot_be_read()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(30, seed: 1));
        IDataView scored = memory.Transform(Points.Keyed(_mlContext, Points.Draw(5, seed: 2)));

        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Id"]]);

        Assert.IsTrue(cursor.MoveNext());
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
    }

    private static string[] Texts(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> buffer = default;
        column.Annotations.GetValue(kind, ref buffer);
        return [.. buffer.DenseValues().Select(text => text.ToString())];
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }

    private static uint SetId(DataViewSchema.Column column)
    {
        uint value = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }
}
