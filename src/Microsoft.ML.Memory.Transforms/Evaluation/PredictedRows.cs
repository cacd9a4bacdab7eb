// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads the labels of rows beside what a model predicted for them.</summary>
/// <remarks>
/// Labels come from the rows as they were given: a pipeline that maps labels to keys loses those it does not know.
/// </remarks>
internal static class PredictedRows
{
    /// <summary>Lists label and prediction of each row; a prediction is null where there is none.</summary>
    /// <param name="rows">Rows with labels.</param>
    /// <param name="predicted">The same rows with predictions, in the same order.</param>
    /// <param name="labelName">Name of the label column of <paramref name="rows"/>.</param>
    /// <param name="predictionName">Name of the prediction column of <paramref name="predicted"/>.</param>
    /// <exception cref="ArgumentException">A column is missing or the two do not hold the same type.</exception>
    /// <exception cref="InvalidOperationException">A label is missing, or a row has no counterpart.</exception>
    public static IEnumerable<(object Label, object? Prediction)> Read(
        IDataView rows, IDataView predicted, string labelName, string predictionName)
    {
        DataViewSchema.Column label = Columns.Find(rows.Schema, labelName);
        DataViewSchema.Column prediction = Columns.Find(predicted.Schema, predictionName);
        (string labelType, string predictionType) = (ClassValues.TypeOf(label), ClassValues.TypeOf(prediction));
        if (labelType != predictionType)
        {
            throw new ArgumentException(
                $"Column '{predictionName}' must hold the same type as column '{labelName}', {labelType}. "
                + $"Got {predictionType}.");
        }

        using DataViewRowCursor asked = rows.GetRowCursor([label]);
        using DataViewRowCursor answered = predicted.GetRowCursor([prediction]);
        Func<object?> readLabel = ClassValues.Reader(asked, label);
        Func<object?> readPrediction = ClassValues.Reader(answered, prediction);
        long count = 0;
        while (asked.MoveNext())
        {
            if (!answered.MoveNext())
                throw Unlike($"{count} rows only");
            object value = readLabel() ?? throw new InvalidOperationException(
                $"Column '{labelName}' must have a value in every row that is evaluated. Got none in row {count}. "
                + "Drop such rows first.");
            yield return (value, readPrediction());
            count++;
        }

        if (answered.MoveNext()) throw Unlike($"more than {count} rows");
    }

    private static InvalidOperationException Unlike(string got)
        => new($"The model must give one row for each row it is asked about. Got {got}.");
}
