// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Looks at the first rows of a view, or of what a pipeline makes of it.</summary>
public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100)
    {
        HostErrors.CheckValue(null, data, nameof(data));
        CheckCount(maxRows, nameof(maxRows));
        return new DataDebuggerPreview(data, maxRows);
    }

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
    {
        HostErrors.CheckValue(null, transformer, nameof(transformer));
        HostErrors.CheckValue(null, data, nameof(data));
        return transformer.Transform(data).Preview(maxRows);
    }

    public static DataDebuggerPreview Preview(
        this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        HostErrors.CheckValue(null, estimator, nameof(estimator));
        HostErrors.CheckValue(null, data, nameof(data));
        CheckCount(maxTrainingRows, nameof(maxTrainingRows));
        IDataView training = new MLContext(1).Data.TakeRows(data, Math.Max(1, maxTrainingRows));
        return estimator.Fit(training).Transform(data).Preview(maxRows);
    }

    private static void CheckCount(int count, string parameter)
    {
        if (count < 0)
            throw HostErrors.ExceptParam(null, parameter, "Must be at least zero");
    }
}
