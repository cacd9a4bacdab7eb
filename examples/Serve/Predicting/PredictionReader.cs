// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>Reads predictions from the row that a cursor or an engine stands on.</summary>
internal sealed class PredictionReader
{
    private const string UnknownColumnName = "IsUnknown";

    private readonly IReadOnlyList<string> _classNames;
    private readonly Func<string?> _label;
    private readonly ValueGetter<VBuffer<float>> _scores;
    private readonly ValueGetter<bool>? _isUnknown;
    private VBuffer<float> _buffer;

    /// <param name="row">Has the columns of <see cref="ColumnsOf"/> active.</param>
    /// <param name="classNames">Name of each class, in the order of the scores.</param>
    public PredictionReader(DataViewRow row, IReadOnlyList<string> classNames)
    {
        _classNames = classNames;
        _label = LabelReader(row, row.Schema[ServedModel.LabelColumnName], classNames);
        _scores = row.GetGetter<VBuffer<float>>(row.Schema[ServedModel.ScoreColumnName]);
        if (Unknown(row.Schema) is { } unknown) _isUnknown = row.GetGetter<bool>(unknown);
    }

    /// <summary>The columns that predictions are read from.</summary>
    public static IEnumerable<DataViewSchema.Column> ColumnsOf(DataViewSchema output)
    {
        yield return output[ServedModel.LabelColumnName];
        yield return output[ServedModel.ScoreColumnName];
        if (Unknown(output) is { } unknown) yield return unknown;
    }

    public Prediction Read()
    {
        _scores(ref _buffer);
        bool isUnknown = false;
        _isUnknown?.Invoke(ref isUnknown);
        return new Prediction
        {
            Label = _label(),
            Scores = [.. _buffer.DenseValues()],
            Classes = _classNames,
            IsUnknown = _isUnknown is null ? null : isUnknown,
        };
    }

    private static DataViewSchema.Column? Unknown(DataViewSchema schema)
        => schema.GetColumnOrNull(UnknownColumnName) is { Type: BooleanDataViewType } column ? column : null;

    private static Func<string?> LabelReader(
        DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> classNames)
    {
        if (column.Type is KeyDataViewType && column.Type.RawType == typeof(uint))
        {
            return Convert<uint>(row, column, key => key == 0 || key > classNames.Count ? null : classNames[(int)key - 1]);
        }

        if (column.Type is TextDataViewType)
            return Convert<ReadOnlyMemory<char>>(row, column, text => text.IsEmpty ? null : text.ToString());
        if (column.Type == NumberDataViewType.Single) return Convert<float>(row, column, Text);
        if (column.Type == NumberDataViewType.Int32) return Convert<int>(row, column, Text);
        if (column.Type == NumberDataViewType.Int64) return Convert<long>(row, column, Text);
        return column.Type is BooleanDataViewType
            ? Convert<bool>(row, column, Text)
            : throw new InvalidDataException(
                $"Column '{column.Name}' must be a key, a text, a number or a truth value. Got {column.Type}.");

        static string? Text<T>(T value) => System.Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private static Func<string?> Convert<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string?> name)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return name(value);
        };
    }
}
