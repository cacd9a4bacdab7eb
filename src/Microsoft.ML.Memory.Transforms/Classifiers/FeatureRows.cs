// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads the feature column of a view, all rows at once.</summary>
internal static class FeatureRows
{
    /// <summary>Reads rows that must be finite.</summary>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">A feature is not a finite number; the message names the row.
    /// </exception>
    public static float[] Read(IDataView view, string columnName, int dimension, string? encoder)
        => Read(view, columnName, dimension, encoder, isFinite: true);

    /// <summary>Reads rows as they are.</summary>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type or size.</exception>
    public static float[] ReadAsGiven(IDataView view, string columnName, int dimension, string? encoder)
        => Read(view, columnName, dimension, encoder, isFinite: false);

    /// <summary>Gives the number of values of rows that are held in one array.</summary>
    /// <exception cref="InvalidOperationException">They are more than an array holds.</exception>
    public static int LengthOf(long rows, int dimension)
        => rows * dimension <= Array.MaxLength
            ? (int)(rows * dimension)
            : throw new InvalidOperationException(
                $"The data must have at most {Array.MaxLength / dimension} rows of {dimension} values to be read at "
                + $"once. Got {rows} or more. Give some of them, and others later where that can be.");

    /// <summary>Refuses features that are not finite.</summary>
    /// <exception cref="InvalidOperationException">A feature is not a finite number.</exception>
    public static void RequireFinite(ReadOnlySpan<float> features, long row)
    {
        if (FeatureReader.IsFinite(features)) return;
        throw new InvalidOperationException(
            $"The features of row {row} must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.");
    }

    /// <summary>Refuses a weight that is not a finite number of at least 0.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static float RequireWeight(float weight, long row)
        => weight >= 0 && float.IsFinite(weight)
            ? weight
            : throw new InvalidOperationException(
                $"The weight of row {row} must be finite and at least 0. Got {Check.Shown(weight)}.");

    private static float[] Read(IDataView view, string columnName, int dimension, string? encoder, bool isFinite)
    {
        DataViewSchema.Column column = Columns.Features(view.Schema, columnName, dimension, encoder);
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        var reader = new FeatureReader(cursor, column);
        var features = new List<float>();
        float[] row = new float[dimension];
        for (long count = 1; cursor.MoveNext(); count++)
        {
            _ = LengthOf(count, dimension);
            reader.Read(row);
            if (isFinite) RequireFinite(row, cursor.Position);
            features.AddRange(row);
        }

        return [.. features];
    }
}
