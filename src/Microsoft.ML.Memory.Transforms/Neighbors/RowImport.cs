// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads the rows of a view that are to be stored: features, ids and columns.</summary>
internal static class RowImport
{
    /// <summary>Finds the columns to be stored; each must be a scalar of a type that can be saved.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static List<StoredColumn> EmptyColumns(DataViewSchema schema, NearestNeighborsOptions options) =>
        [.. options.StoredColumnNames.Select(name => StoredColumn.Empty(name, TypeOf(Columns.Find(schema, name))))];

    /// <summary>Reads all rows.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="options">Which columns to read.</param>
    /// <param name="before">What is stored already.</param>
    /// <param name="dimension">Length of a row's features.</param>
    /// <param name="nextId">The first id to be given where there is no column of ids.</param>
    /// <param name="features">Receives the features of the read rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A feature is not a finite number; the message names the row.
    /// </exception>
    public static StoredRows Read(
        IDataView view,
        NearestNeighborsOptions options,
        StoredRows before,
        int dimension,
        long nextId,
        List<float> features)
    {
        ImportColumns columns = ImportColumns.Of(
            view.Schema, new ImportColumnNames(options.FeatureColumnName, null, options.IdColumnName), dimension);
        DataViewSchema.Column[] stored =
            [.. before.Columns.Select(column => Columns.Scalar(view.Schema, column.Name, column.Type))];
        DataViewSchema.Column[] needed = columns.Id is { } given ? [columns.Features, given] : [columns.Features];
        using DataViewRowCursor cursor = view.GetRowCursor([.. needed, .. stored]);
        var reader = new FeatureReader(cursor, columns.Features);
        Func<long>? id = columns.Id is { } idColumn ? IdReader.Create(cursor, idColumn) : null;
        StoredColumn.Appender[] appenders =
            [.. before.Columns.Zip(stored, (column, source) => column.Append(cursor, source))];
        List<long> ids = [.. before.Ids];
        float[] row = new float[dimension];
        while (cursor.MoveNext())
        {
            reader.Read(row);
            FeatureRows.RequireFinite(row, cursor.Position);
            features.AddRange(row);
            ids.Add(id is null ? nextId++ : id());
            foreach (StoredColumn.Appender appender in appenders) appender.Read();
        }

        return new StoredRows([.. ids], Array.ConvertAll(appenders, appender => appender.Finish()));
    }

    private static PrimitiveDataViewType TypeOf(DataViewSchema.Column column) =>
        column.Type is PrimitiveDataViewType type && ValueFormat.IsSupported(type)
            ? type
            : throw new ArgumentException(
                $"Column '{column.Name}' must be a text, number, boolean, date or time span to be stored. "
                + $"Got {column.Type}. Convert it, for instance a key with "
                + "mlContext.Transforms.Conversion.MapKeyToValue.");
}
