// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class ConfusionMatrix
{
    // Rows are true classes, columns predicted ones.
    private readonly double[][] _counts;

    private readonly string[] _names;

    internal ConfusionMatrix(double[][] counts, string[] names)
    {
        _counts = counts;
        _names = names;
        NumberOfClasses = counts.Length;
        PerClassPrecision = [.. counts.Select((row, i) => Share(row[i], counts.Sum(r => r[i])))];
        PerClassRecall = [.. counts.Select((row, i) => Share(row[i], row.Sum()))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts => _counts;

    public int NumberOfClasses { get; }

    public string GetFormattedConfusionTable() => new ConfusionTable(this, _names).ToString();

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckClass(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckClass(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));

        return _counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private void CheckClass(int index, string parameterName)
    {
        if (index < 0 || index >= NumberOfClasses)
        {
            throw HostErrors.ExceptParam(null,
                parameterName, "Invalid index. Should be non-negative, less than the number of classes.");
        }
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
