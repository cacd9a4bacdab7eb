// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        int topKPredictionCount = 0)
    {
        Environment.CheckValue(data, nameof(data));
        CheckName(labelColumnName, nameof(labelColumnName));
        CheckName(scoreColumnName, nameof(scoreColumnName));
        CheckName(predictedLabelColumnName, nameof(predictedLabelColumnName));
        if (topKPredictionCount < 0)
            throw Environment.ExceptParam(nameof(topKPredictionCount), "Must be non-negative");

        return new MulticlassEvaluator(Environment, topKPredictionCount)
            .Evaluate(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
    }

    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string samplingKeyColumnName = null,
        int? seed = null)
    {
        CheckFolds(data, estimator, numberOfFolds, labelColumnName);
        return RunFolds(
            data, estimator, numberOfFolds, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));
    }
}
