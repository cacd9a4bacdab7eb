// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>Seven scored rows of three classes, and the metrics of both tasks.</summary>
public abstract class EvaluateFixture : CaseFunctions
{
    protected readonly MulticlassClassificationCatalog mc;
    protected readonly RegressionCatalog rc;
    internal readonly Ev[] t =
    [
        E(1, 1, .7f, .2f, .1f),
        E(1, 2, .3f, .6f, .1f),
        E(2, 2, .1f, .8f, .1f),
        E(2, 2, .25f, .5f, .25f),
        E(3, 3, .05f, .05f, .9f),
        E(3, 1, .5f, .1f, .4f),
        E(3, 3, .2f, .2f, .6f),
    ];

    protected EvaluateFixture()
    {
        mc = ml.MulticlassClassification;
        rc = ml.Regression;
    }

    /// <summary>A row from 1-based classes; label 0 is a missing one.</summary>
    internal static Ev E(uint label, uint predicted, params float[] scores) =>
        new() { Label = label == 0 ? 3 : label - 1, PredictedLabel = predicted - 1, Score = scores };

    internal static SchemaDefinition Def<T>(string[] labelNames, string[] scoreNames)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(T));
        if (labelNames != null)
            definition["Label"].AddAnnotation("KeyValues", Tx(labelNames), TextVector(labelNames));
        if (scoreNames != null)
            definition["Score"].AddAnnotation("SlotNames", Tx(scoreNames), TextVector(scoreNames));
        return definition;
    }

    protected static object M(MulticlassClassificationMetrics m) => new
    {
        m.LogLoss,
        m.LogLossReduction,
        m.MacroAccuracy,
        m.MicroAccuracy,
        m.TopKAccuracy,
        m.TopKPredictionCount,
        topKForAll = m.TopKAccuracyForAllK,
        perClass = m.PerClassLogLoss,
        cm = m.ConfusionMatrix == null ? null : Matrix(m.ConfusionMatrix),
    };

    protected static object R(RegressionMetrics m) => new
    {
        m.RSquared,
        m.MeanAbsoluteError,
        m.MeanSquaredError,
        m.RootMeanSquaredError,
        m.LossFunction,
    };

    private static object Matrix(ConfusionMatrix m) => new
    {
        m.NumberOfClasses,
        counts = m.Counts,
        precision = m.PerClassPrecision,
        recall = m.PerClassRecall,
        text = m.GetFormattedConfusionTable(),
    };

    private static VectorDataViewType TextVector(string[] names) => new(TextDataViewType.Instance, names.Length);
}
