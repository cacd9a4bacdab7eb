// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Host.Behaviour.Tests.Harness;
using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>The functions that the text of the cases calls, by the names it uses.</summary>
public abstract class CaseFunctions
{
    protected readonly MLContext ml = new(0);

    protected static string Tmp => TempFolder.Path;

    protected static IDataView V<T>(MLContext ml, params T[] rows) where T : class => ml.Data.LoadFromEnumerable(rows);

    protected static IDataView S(MLContext ml, params string[] values) =>
        ml.Data.LoadFromEnumerable(values.Select(x => new S1 { A = x }));

    protected static IDataView F(MLContext ml, params float[] values) =>
        ml.Data.LoadFromEnumerable(values.Select(x => new F1 { A = x }));

    protected static VBuffer<ReadOnlyMemory<char>> Tx(params string[] values) =>
        new(values.Length, [.. values.Select(x => x.AsMemory())]);

    protected static IDataView Rows20(MLContext ml) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 20).Select(i => new R20 { Id = i, G = "g" + (i % 5), F = i }).ToArray());

    protected static int[] Ids(IDataView view) => Col<int>(view, "Id");

    protected static object[][] Rows(IDataView view, params string[] names) => ViewText.Rows(view, names);

    protected static T[] Col<T>(IDataView view, string name) => [.. view.GetColumn<T>(name)];

    protected static TextLoader.Column Col(string name, DataKind kind, params int[] index) =>
        index.Length == 1 ? new(name, kind, index[0]) : new(name, kind, index[0], index[1]);

    protected static JsonNode Schema(DataViewSchema schema) => ViewText.OfSchema(schema);

    protected static object Ids5(IDataView view, int count = 6)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        var rows = new List<object>();
        while (rows.Count < count && cursor.MoveNext())
        {
            DataViewRowId id = default;
            getter(ref id);
            rows.Add(new { position = cursor.Position, batch = cursor.Batch, id });
        }
        return rows;
    }

    protected static object Try(Func<object> function)
    {
        try
        {
            return Serializer.Write(function());
        }
        catch (Exception e)
        {
            return new CaughtException(e);
        }
    }

    protected static string File(string name, string text)
    {
        string path = Path.Combine(Tmp, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    internal static Pt[] Pts() => [.. Enumerable.Range(0, 30).Select(i => new Pt
    {
        L = "abc"[i % 3].ToString(),
        X = (i % 3) switch { 0 => 1 + (i * .01f), 1 => -1 - (i * .01f), _ => 0 },
        Y = i % 3 == 2 ? 2 : i % 2 * .1f,
        G = "g" + (i / 3),
    })];
}
