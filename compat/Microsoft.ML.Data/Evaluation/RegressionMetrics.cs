// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed class RegressionMetrics
{
    internal RegressionMetrics(RegressionTally tally)
    {
        MeanAbsoluteError = tally.MeanAbsoluteError;
        MeanSquaredError = tally.MeanSquaredError;
        RootMeanSquaredError = Math.Sqrt(MeanSquaredError);
        LossFunction = tally.Loss;
        RSquared = tally.RSquared;
    }

    public double MeanAbsoluteError { get; }

    public double MeanSquaredError { get; }

    public double RootMeanSquaredError { get; }

    public double LossFunction { get; }

    public double RSquared { get; }
}
