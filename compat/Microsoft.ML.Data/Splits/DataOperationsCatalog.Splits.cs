// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _environment.CheckValue(data, nameof(data));
        if (!(testFraction > 0 && testFraction < 1))
            throw _environment.ExceptParam(nameof(testFraction), "Must be between 0 and 1 exclusive");

        return Split(data, SplitKeys.Of(data, samplingKeyColumnName, seed ?? ContextSeed), 0, testFraction);
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _environment.CheckValue(data, nameof(data));
        if (numberOfFolds <= 1)
            throw _environment.ExceptParam(nameof(numberOfFolds), "Must be more than 1");

        ISplitKey key = SplitKeys.Of(data, samplingKeyColumnName, seed ?? ContextSeed);
        double count = numberOfFolds;
        return [.. Enumerable.Range(0, numberOfFolds).Select(i => Split(data, key, i / count, (i + 1) / count))];
    }

    // Without any seed the splits are still the same in every context.
    private int ContextSeed => (_environment as MLContext)?.Seed ?? 0;

    private TrainTestData Split(IDataView data, ISplitKey key, double lower, double upper) => new(
        new SplitRowsView(_environment, data, key, lower, upper, outside: true),
        new SplitRowsView(_environment, data, key, lower, upper, outside: false));

    /// <summary>Two parts of one view.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;

        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
