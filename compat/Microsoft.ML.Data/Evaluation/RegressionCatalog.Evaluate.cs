// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class RegressionCatalog
{
    public RegressionMetrics Evaluate(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        Environment.CheckValue(data, nameof(data));
        CheckName(labelColumnName, nameof(labelColumnName));
        CheckName(scoreColumnName, nameof(scoreColumnName));

        return new RegressionEvaluator(Environment).Evaluate(data, labelColumnName, scoreColumnName);
    }

    public IReadOnlyList<CrossValidationResult<RegressionMetrics>> CrossValidate(
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
