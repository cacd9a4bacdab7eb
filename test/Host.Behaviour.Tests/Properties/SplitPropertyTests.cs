// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Fixtures;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Properties;

/// <summary>What was recorded of splits whatever the host's random stream: the same for every host.</summary>
[TestClass]
public sealed class SplitPropertyTests : SplitsFixture
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void TrainTestSplit_parts_are_disjoint_and_complete(int seed)
    {
        DataOperationsCatalog.TrainTestData split = m.Data.TrainTestSplit(Rows20(m), 0.5, seed: seed);

        int[] all = [.. Ids(split.TrainSet), .. Ids(split.TestSet)];

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 20).ToArray(), all);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void CrossValidationSplit_each_row_is_tested_once(int seed)
    {
        var folds = m.Data.CrossValidationSplit(Rows20(m), 3, seed: seed);

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 20).ToArray(), folds.SelectMany(f => Ids(f.TestSet)).ToArray());
        foreach (DataOperationsCatalog.TrainTestData fold in folds)
        {
            CollectionAssert.AreEqual(
                Enumerable.Range(0, 20).Except(Ids(fold.TestSet)).ToArray(), Ids(fold.TrainSet));
        }
    }

    [TestMethod]
    [DataRow(0.1, 60, 150)]
    [DataRow(0.2, 150, 250)]
    [DataRow(0.5, 430, 570)]
    public void TrainTestSplit_test_share_is_about_right(double fraction, int least, int most)
    {
        IDataView rows = V(m, Enumerable.Range(0, 1000).Select(i => new Rows.R20 { Id = i }).ToArray());

        int count = Ids(m.Data.TrainTestSplit(rows, fraction, seed: 3).TestSet).Length;

        Assert.IsInRange(least, most, count);
    }

    [TestMethod]
    public void TrainTestSplit_seeds_differ()
    {
        string[] tests = [.. Enumerable.Range(0, 4)
            .Select(seed => string.Join(",", Ids(m.Data.TrainTestSplit(Rows20(m), 0.5, seed: seed).TestSet)))];

        Assert.HasCount(4, tests.Distinct());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void TrainTestSplit_context_seed_is_like_argument_seed(int seed)
    {
        int[] byContext = Ids(new MLContext(seed).Data.TrainTestSplit(Rows20(m), 0.5).TestSet);
        int[] byArgument = Ids(new MLContext(9).Data.TrainTestSplit(Rows20(m), 0.5, seed: seed).TestSet);

        CollectionAssert.AreEqual(byContext, byArgument);
    }

    [TestMethod]
    public void TrainTestSplit_argument_seed_ignores_context_seed()
    {
        int[] a = Ids(new MLContext(1).Data.TrainTestSplit(Rows20(m), 0.3, seed: 5).TestSet);
        int[] b = Ids(new MLContext(2).Data.TrainTestSplit(Rows20(m), 0.3, seed: 5).TestSet);

        CollectionAssert.AreEqual(a, b);
    }

    [TestMethod]
    public void TrainTestSplit_repeats_on_one_context_and_one_view()
    {
        DataOperationsCatalog.TrainTestData first = m.Data.TrainTestSplit(Rows20(m), 0.3);
        DataOperationsCatalog.TrainTestData second = m.Data.TrainTestSplit(Rows20(m), 0.3);

        CollectionAssert.AreEqual(Ids(first.TestSet), Ids(second.TestSet));
        CollectionAssert.AreEqual(Ids(first.TestSet), Ids(first.TestSet));
    }

    [TestMethod]
    [DataRow("G", 0)]
    [DataRow("G", 1)]
    [DataRow("G", 2)]
    public void CrossValidationSplit_groups_stay_together(string column, int seed)
    {
        var folds = m.Data.CrossValidationSplit(Rows20(m), 3, column, seed);

        string[] groups = [.. folds.SelectMany(f => Col<string>(f.TestSet, column).Distinct())];

        CollectionAssert.AreEquivalent(new[] { "g0", "g1", "g2", "g3", "g4" }, groups);
    }

    [TestMethod]
    [DataRow(0.2, "0")]
    [DataRow(0.3, "0")]
    [DataRow(0.5, "0,1")]
    [DataRow(0.7, "0,1,2")]
    public void TrainTestSplit_by_key_takes_the_first_keys(double fraction, string expectedKeys)
    {
        IDataView keyed = m.Transforms.Conversion.MapValueToKey("K", "G").Fit(Rows20(m)).Transform(Rows20(m));

        int[] test = Ids(m.Data.TrainTestSplit(keyed, fraction, "K", 7).TestSet);

        Assert.AreEqual(expectedKeys, string.Join(",", test.Select(i => i % 5).Distinct().Order()));
    }

    [TestMethod]
    public void CrossValidationSplit_by_number_cuts_the_range()
    {
        var folds = m.Data.CrossValidationSplit(Rows20(m), 3, "F", 3);

        string ends = string.Join("|", folds.Select(f => Ids(f.TestSet)[0] + "," + Ids(f.TestSet)[^1]));

        Assert.AreEqual("0,6|7,12|13,19", ends);
    }

    [TestMethod]
    public void Split_view_keeps_row_ids_and_renumbers_positions()
    {
        IDataView test = m.Data.TrainTestSplit(Rows20(m), 0.3, "F").TestSet;
        IDataView train = m.Data.TrainTestSplit(Rows20(m), 0.3, "F").TrainSet;
        using DataViewRowCursor cursor = train.GetRowCursor(train.Schema);
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        DataViewRowId id = default;

        Assert.IsTrue(cursor.MoveNext());
        getter(ref id);

        Assert.AreEqual(0L, cursor.Position);
        Assert.AreEqual((ulong)Ids(test).Length, id.Low);
    }
}
