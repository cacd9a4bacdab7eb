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
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        if (numberOfFolds <= 1)
            throw Environment.ExceptParam("numFolds", "Must be more than 1");
        CheckName(labelColumnName, nameof(labelColumnName));

        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = new DataOperationsCatalog(Environment)
            .CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return [.. folds.Select((fold, i) => RunFold(fold, i, estimator, labelColumnName))];
    }

    private CrossValidationResult<MulticlassClassificationMetrics> RunFold(
        DataOperationsCatalog.TrainTestData fold, int number, IEstimator<ITransformer> estimator, string label)
    {
        ITransformer model = estimator.Fit(fold.TrainSet);
        IDataView scores = model.Transform(fold.TestSet);
        return new(model, Evaluate(scores, label), scores, number);
    }

    private void CheckName(string name, string parameter) =>
        Environment.CheckNonEmpty(name, parameter, $"{parameter} cannot be null or empty");
}
