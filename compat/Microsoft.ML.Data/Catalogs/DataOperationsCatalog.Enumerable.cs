// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _environment.CheckValue(data, nameof(data));
        return new EnumerableView<TRow>(_environment, data, RowBinding.ForReading(typeof(TRow), schemaDefinition));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _environment.CheckValue(data, nameof(data));
        _environment.CheckValue(schema, nameof(schema));
        return LoadFromEnumerable(data, RowBinding.DefinitionFor(_environment, typeof(TRow), schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data,
        bool reuseRowObject,
        bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _environment.CheckValue(data, nameof(data));
        RowWriter<TRow> writer = new(_environment, data.Schema, ignoreMissingColumns, schemaDefinition);
        return Rows(data, reuseRowObject, writer);
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, bool reuse, RowWriter<TRow> writer)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(writer.Columns);
        Action<TRow> fill = writer.Bind(cursor);
        TRow row = reuse ? new TRow() : null;
        while (cursor.MoveNext())
        {
            if (!reuse)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
