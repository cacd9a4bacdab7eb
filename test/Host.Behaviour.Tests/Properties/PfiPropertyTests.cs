// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using Host.Behaviour.Tests.Fixtures;
using Host.Behaviour.Tests.Fixtures.Centroids;
using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Properties;

/// <summary>Permutation importance of the test's own predictor, by what no random number decides.</summary>
[TestClass]
public sealed class PfiPropertyTests : PfiFixture
{
    [TestMethod]
    public void Result_has_one_entry_per_slot_and_counts_permutations()
    {
        ImmutableArray<MulticlassClassificationMetricsStatistics> result =
            ml.MulticlassClassification.PermutationFeatureImportance(last, scored, permutationCount: 3);

        Assert.HasCount(2, result);
        foreach (MulticlassClassificationMetricsStatistics slot in result)
        {
            Assert.AreEqual(3, slot.MicroAccuracy.Count);
            Assert.IsLessThan(0, slot.MicroAccuracy.Mean);
            Assert.IsGreaterThan(0, slot.LogLoss.Mean);
            Assert.AreEqual(
                slot.MicroAccuracy.StandardDeviation / Math.Sqrt(3), slot.MicroAccuracy.StandardError, 1e-12);
            Assert.HasCount(3, slot.PerClassLogLoss);
            Assert.AreEqual(0, slot.TopKAccuracy.Mean);
        }
    }

    [TestMethod]
    public void One_permutation_is_the_default_and_has_no_deviation()
    {
        MetricStatistics accuracy =
            ml.MulticlassClassification.PermutationFeatureImportance(last, scored)[0].MicroAccuracy;

        Assert.AreEqual(1, accuracy.Count);
        Assert.AreEqual(0, accuracy.StandardDeviation);
        Assert.AreEqual(0, accuracy.StandardError);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void No_permutations_give_empty_statistics(int count)
    {
        MulticlassClassificationMetricsStatistics slot =
            ml.MulticlassClassification.PermutationFeatureImportance(last, scored, permutationCount: count)[1];

        Assert.AreEqual(0, slot.LogLoss.Count);
        Assert.AreEqual(0, slot.LogLoss.Mean);
        Assert.IsNull(slot.PerClassLogLoss);
    }

    [TestMethod]
    public void One_example_is_compared_with_all_rows()
    {
        MulticlassClassificationMetricsStatistics slot = ml.MulticlassClassification
            .PermutationFeatureImportance(last, scored, numberOfExamplesToUse: 1)[0];

        // One row cannot be shuffled: the differences are those of its own metrics to the metrics of all rows.
        MulticlassClassificationMetrics all = ml.MulticlassClassification.Evaluate(scored);
        MulticlassClassificationMetrics one = ml.MulticlassClassification.Evaluate(ml.Data.TakeRows(scored, 1));
        Assert.AreEqual(one.LogLoss - all.LogLoss, slot.LogLoss.Mean, 1e-12);
        Assert.AreEqual(one.PerClassLogLoss[2] - all.PerClassLogLoss[2], slot.PerClassLogLoss[2].Mean, 1e-12);
        Assert.AreEqual(double.PositiveInfinity, slot.LogLossReduction.Mean);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void Example_limit_must_be_positive(int limit)
    {
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ml.MulticlassClassification
            .PermutationFeatureImportance(last, scored, numberOfExamplesToUse: limit));

        Assert.AreEqual(
            "Provide how many examples to use (positive number) or set to null to use whole dataset.", e.Message);
    }

    [TestMethod]
    public void Same_context_seed_gives_the_same_result()
    {
        double Run() => new MLContext(1).MulticlassClassification
            .PermutationFeatureImportance(last, scored, permutationCount: 2)[0].LogLoss.Mean;

        Assert.AreEqual(Run(), Run());
    }

    [TestMethod]
    public void Missing_label_column_is_named()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification
            .PermutationFeatureImportance(last, scored, "Nope"));

        Assert.AreEqual("Nope column 'Label' not found (Parameter 'schema')", e.Message);
    }

    [TestMethod]
    public void Null_data_is_refused()
    {
        var e = Assert.ThrowsExactly<ArgumentNullException>(() => ml.MulticlassClassification
            .PermutationFeatureImportance(last, null));

        Assert.AreEqual("data", e.ParamName);
    }

    [TestMethod]
    public void A_predictor_that_only_the_public_interface_shows_is_not_found()
    {
        ITransformer hidden = new CentroidTransformer(last.Model, last.FeatureColumnType, scored.Schema["Label"]);

        AssertNoPredictor(hidden);
    }

    [TestMethod]
    public void A_predictor_in_a_chain_inside_the_chain_is_not_found() =>
        AssertNoPredictor(new TransformerChain<ITransformer>(model, new NotMapper()));

    [TestMethod]
    public void A_lone_predictor_gives_the_names_of_its_slots()
    {
        var result = ml.MulticlassClassification.PermutationFeatureImportance((ITransformer)last, scored);

        CollectionAssert.AreEquivalent(new[] { "X", "Y" }, result.Keys.ToArray());
        Assert.IsGreaterThan(0, result["X"].LogLoss.Mean);
    }

    [TestMethod]
    public void Features_without_names_are_refused_by_the_overload_that_names()
    {
        IDataView unnamed = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i =>
            new PfiN { Label = (uint)(i % 3), Features = [i % 3, i] }).ToArray());
        CentroidTransformer predictor = new CentroidTrainer().Fit(unnamed);

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ml.MulticlassClassification
            .PermutationFeatureImportance((ITransformer)predictor, predictor.Transform(unnamed)));

        Assert.AreEqual("Invalid call to 'GetValue'", e.Message);
    }

    private void AssertNoPredictor(ITransformer transformer)
    {
        var e = Assert.ThrowsExactly<ArgumentNullException>(() => ml.MulticlassClassification
            .PermutationFeatureImportance(transformer, scored));

        Assert.AreEqual(
            "The model provided does not have a compatible predictor (Parameter 'lastTransformer')", e.Message);
    }
}
