// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Fixtures;
using Host.Behaviour.Tests.Rows;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Properties;

/// <summary>The layout of the confusion table for names and counts of any size, as the real host prints it.</summary>
[TestClass]
public sealed class ConfusionTableTests : EvaluateFixture
{
    [TestMethod]
    public void Names_of_five_letters_head_the_columns()
    {
        string[] lines = Table(["aaaaa", "b", ""]);

        Assert.AreEqual("PREDICTED || aaaaa |     b |       | Recall", lines[2]);
        Assert.AreEqual("    aaaaa ||     1 |     0 |     0 | 1.0000", lines[4]);
        Assert.AreEqual("          ||     0 |     0 |     1 | 1.0000", lines[6]);
    }

    [TestMethod]
    public void Names_of_six_letters_are_numbered()
    {
        string[] lines = Table(["aaaaaa", "b", "c"]);

        Assert.AreEqual("PREDICTED ||     0 |     1 |     2 | Recall", lines[2]);
        Assert.AreEqual("0. aaaaaa ||     1 |     0 |     0 | 1.0000", lines[4]);
        Assert.AreEqual("1.      b ||     0 |     1 |     0 | 1.0000", lines[5]);
    }

    [TestMethod]
    public void Two_classes_have_room_for_eight_letters()
    {
        string[] lines = Table(["aaaaaaaa", "b"]);

        Assert.AreEqual("          ||======================", lines[1]);
        Assert.AreEqual("PREDICTED || aaaaaaaa |        b | Recall", lines[2]);
        Assert.AreEqual(" aaaaaaaa ||        1 |        0 | 1.0000", lines[4]);
        Assert.AreEqual("Precision ||   1.0000 |   1.0000 |", lines[7]);
    }

    [TestMethod]
    public void Two_classes_with_nine_letters_are_numbered()
    {
        string[] lines = Table(["aaaaaaaaa", "b"]);

        Assert.AreEqual("PREDICTED    ||        0 |        1 | Recall", lines[2]);
        Assert.AreEqual("1.         b ||        0 |        1 | 1.0000", lines[5]);
    }

    [TestMethod]
    public void Numbers_of_eleven_classes_are_aligned()
    {
        string[] lines = Table([.. Enumerable.Range(0, 11).Select(i => "name" + (i * 100))]);

        Assert.StartsWith("PREDICTED    ||", lines[2]);
        Assert.StartsWith(" 9.  name900 ||", lines[13]);
        Assert.StartsWith("10. name1000 ||", lines[14]);
    }

    [TestMethod]
    public void Thousands_are_separated()
    {
        string[] lines = Table(["a", "b", "c"], copies: 40_000);

        Assert.AreEqual("        a || 40,000 |     0 |     0 | 1.0000", lines[4]);
    }

    [TestMethod]
    [DataRow(null, "Score", "PredictedLabel", "labelColumnName")]
    [DataRow("Label", "", "PredictedLabel", "scoreColumnName")]
    [DataRow("Label", "Score", null, "predictedLabelColumnName")]
    public void Evaluate_column_names_must_not_be_empty(string label, string score, string predicted, string parameter)
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => mc.Evaluate(V(ml, t), label, score, predicted));

        Assert.AreEqual($"{parameter} cannot be null or empty (Parameter '{parameter}')", e.Message);
    }

    private string[] Table(string[] names, int copies = 1)
    {
        SchemaDefinition definition = Def<Ev>(null, names);
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), names.Length);
        definition["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, names.Length);
        Ev[] rows = [.. Enumerable.Range(0, names.Length * copies).Select(i => new Ev
        {
            Label = (uint)(i % names.Length),
            Score = [.. names.Select((_, j) => j == i % names.Length ? .8f : .2f / (names.Length - 1))],
        })];

        return mc.Evaluate(ml.Data.LoadFromEnumerable(rows, definition)).ConfusionMatrix
            .GetFormattedConfusionTable().TrimStart('\n').Split('\n');
    }
}
