// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>Makes of examples what a memory reads: their features after the pipeline, labels, ids and weights.</summary>
internal static class ExampleView
{
    private const string KeyValuesKind = "KeyValues";

    /// <summary>Gives the features of rows as the memory sees them.</summary>
    public static float[][] Features(ServedModel model, IReadOnlyList<Row> rows)
    {
        MemoryFace memory = model.Memory!;
        IDataView view = memory.Before(new RowView(model.Input, rows));
        DataViewSchema.Column column = view.Schema[memory.FeatureColumnName];
        var features = new List<float[]>();
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            features.Add([.. buffer.DenseValues()]);
        }

        return [.. features];
    }

    /// <summary>Gives a view of examples.</summary>
    /// <exception cref="RequestProblem">A label is of another type than those of the memory, or an id is missing.
    /// </exception>
    public static IDataView Create(ServedModel model, IReadOnlyList<Example> examples)
    {
        MemoryFace memory = model.Memory!;
        ExampleColumns names = memory.ExampleColumns;
        DataViewType labelType = LabelTypeOf(memory, model.Input.Schema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(names.Label, labelType);
        builder.AddColumn(memory.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, memory.Dimension));
        if (names.Id is not null) builder.AddColumn(names.Id, NumberDataViewType.Int64);
        if (names.Weight is not null) builder.AddColumn(names.Weight, NumberDataViewType.Single);

        float[][] features = Features(model, [.. examples.Select(example => example.Row)]);
        var rows = new Row[examples.Count];
        for (int row = 0; row < rows.Length; row++)
        {
            ExampleTag tag = examples[row].Tag;
            var values = new List<object?> { LabelOf(tag.Label!, labelType, row), features[row] };
            if (names.Id is not null) values.Add(tag.Id ?? throw MissingId(names.Id, row));
            if (names.Weight is not null) values.Add(tag.Weight ?? 1f);
            rows[row] = new Row([.. values]);
        }

        return new RowView(new InputSchema(builder.ToSchema(), []), rows);
    }

    /// <summary>Gives the type of the memory's label values; a key where they have none.</summary>
    private static DataViewType LabelTypeOf(MemoryFace memory, DataViewSchema input)
    {
        DataViewSchema.Column label = memory.Memory.GetOutputSchema(memory.Before(new RowView(
            new InputSchema(input, []), [])).Schema)[ServedModel.LabelColumnName];
        DataViewType? values = label.Annotations.Schema.GetColumnOrNull(KeyValuesKind)?.Type;
        return (values as VectorDataViewType)?.ItemType ?? label.Type;
    }

    private static object LabelOf(string name, DataViewType type, int row)
    {
        if (type is TextDataViewType) return name.AsMemory();
        try
        {
            // A key without values counts from 1, its name from 0.
            return type is KeyDataViewType
                ? uint.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture) + 1
                : Convert.ChangeType(name, type.RawType, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or OverflowException or InvalidCastException)
        {
            throw Invalid(row, null, "The label must be of the type of the model's classes. It is not.");
        }
    }

    private static RequestProblem MissingId(string column, int row)
        => Invalid(row, column, $"Column '{column}' must be there where several examples are added. Got a row without it.");

    private static RequestProblem Invalid(int row, string? column, string message)
        => new(StatusCodes.Status400BadRequest, "Every row must fit the model's input.")
        {
            Errors = [new RowError(row, column, message)],
        };
}
