// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassTally tally, int topKPredictionCount, string[] classNames)
    {
        LogLoss = tally.LogLoss;
        LogLossReduction = tally.LogLossReduction;
        MacroAccuracy = tally.MacroAccuracy;
        MicroAccuracy = tally.MicroAccuracy;
        TopKPredictionCount = topKPredictionCount;
        if (topKPredictionCount > 0)
        {
            TopKAccuracyForAllK = tally.TopKAccuracies(topKPredictionCount);
            TopKAccuracy = TopKAccuracyForAllK[topKPredictionCount - 1];
        }
        PerClassLogLoss = tally.PerClassLogLoss;
        ConfusionMatrix = new ConfusionMatrix(tally.Counts, classNames);
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double MacroAccuracy { get; }

    public double MicroAccuracy { get; }

    public double TopKAccuracy { get; }

    public int TopKPredictionCount { get; }

    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
