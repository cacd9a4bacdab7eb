// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    private protected void CheckFolds(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string labelColumnName)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        if (numberOfFolds <= 1)
            throw Environment.ExceptParam("numFolds", "Must be more than 1");
        CheckName(labelColumnName, nameof(labelColumnName));
    }

    private protected IReadOnlyList<CrossValidationResult<TMetrics>> RunFolds<TMetrics>(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int count,
        string samplingKeyColumnName,
        int? seed,
        Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = new DataOperationsCatalog(Environment)
            .CrossValidationSplit(data, count, samplingKeyColumnName, seed);
        return [.. folds.Select((fold, number) =>
        {
            ITransformer model = estimator.Fit(fold.TrainSet);
            IDataView scores = model.Transform(fold.TestSet);
            return new CrossValidationResult<TMetrics>(model, evaluate(scores), scores, number);
        })];
    }

    private protected void CheckName(string name, string parameter) =>
        Environment.CheckNonEmpty(name, parameter, $"{parameter} cannot be null or empty");
}
