// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Harness;

/// <summary>Views and schemas as recorded.</summary>
internal static class ViewText
{
    public static JsonObject OfView(IDataView view) => new()
    {
        ["schema"] = OfSchema(view.Schema),
        ["rowCount"] = Serializer.Write(view.GetRowCount()),
        ["canShuffle"] = view.CanShuffle,
        ["rows"] = Serializer.Write(Rows(view, [])),
    };

    public static JsonArray OfSchema(DataViewSchema schema)
    {
        var result = new JsonArray();
        foreach (DataViewSchema.Column column in schema)
        {
            result.Add(OfColumn(column));
        }
        return result;
    }

    /// <summary>The rows of the named, or of all visible columns, in schema order, read with one cursor.</summary>
    public static object[][] Rows(IDataView view, string[] names)
    {
        DataViewSchema.Column[] columns =
            [.. view.Schema.Where(c => !c.IsHidden && (names.Length == 0 || names.Contains(c.Name)))];
        var rows = new List<object[]>();
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Func<object>[] readers = [.. columns.Select(c => Reader(cursor, c))];
        while (cursor.MoveNext())
        {
            rows.Add([.. readers.Select(r => r())]);
        }
        return [.. rows];
    }

    private static JsonObject OfColumn(DataViewSchema.Column column)
    {
        var result = new JsonObject
        {
            ["index"] = column.Index,
            ["name"] = column.Name,
            ["type"] = column.Type.ToString(),
            ["raw"] = TypeText.Of(column.Type.RawType),
        };
        if (column.IsHidden)
            result["hidden"] = true;
        if (column.Annotations.Schema.Count > 0)
            result["annotations"] = OfAnnotations(column.Annotations);
        return result;
    }

    private static JsonObject OfAnnotations(DataViewSchema.Annotations annotations)
    {
        var result = new JsonObject();
        foreach (DataViewSchema.Column kind in annotations.Schema)
        {
            result[kind.Name] = new JsonObject
            {
                ["type"] = kind.Type.ToString(),
                ["value"] = Serializer.Write(Annotation(annotations, kind)),
            };
        }
        return result;
    }

    private static object Annotation(DataViewSchema.Annotations annotations, DataViewSchema.Column kind) =>
        ((Func<DataViewSchema.Annotations, string, object>)AnnotationOf<int>).Method.GetGenericMethodDefinition()
            .MakeGenericMethod(kind.Type.RawType).Invoke(null, [annotations, kind.Name]);

    private static object AnnotationOf<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default;
        annotations.GetValue(kind, ref value);
        return value;
    }

    private static Func<object> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<object>)((Func<DataViewRow, DataViewSchema.Column, Func<object>>)ReaderOf<int>).Method
            .GetGenericMethodDefinition().MakeGenericMethod(column.Type.RawType)
            .Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [row, column], null);

    // Each value gets a fresh buffer: a host may write the next row into the arrays of the last one.
    private static Func<object> ReaderOf<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }
}
