// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Reads labelled examples from a view into a bank, block by block, in the order of the view.</summary>
internal sealed class ExampleImport
{
    private const int BlockBytes = 4 << 20;

    private readonly MemoryBank _bank;
    private readonly DataViewRowCursor _cursor;
    private readonly FeatureReader _features;
    private readonly Func<int?> _label;
    private readonly ValueGetter<float>? _weight;
    private readonly Func<long>? _id;
    private readonly float[] _keys;
    private readonly int[] _labels;
    private readonly float[] _weights;
    private readonly long[] _ids;
    private int _count;

    private ExampleImport(
        MemoryBank bank, DataViewRowCursor cursor, ImportColumns columns, Func<int?> label)
    {
        _bank = bank;
        _cursor = cursor;
        _label = label;
        _features = new FeatureReader(cursor, columns.Features);
        _weight = columns.Weight is { } weight ? cursor.GetGetter<float>(weight) : null;
        _id = columns.Id is { } id ? IdReader(cursor, id) : null;
        int rows = Math.Clamp(BlockBytes / (bank.Dimension * sizeof(float)), 1, 4096);
        _keys = new float[rows * bank.Dimension];
        _labels = new int[rows];
        _weights = new float[rows];
        _ids = new long[rows];
    }

    /// <summary>Adds every labelled row of a view to a bank and reports rows whose label is missing.</summary>
    /// <returns>The classes of the bank from now on.</returns>
    public static ClassTable Into(
        MemoryBank bank,
        IDataView view,
        ImportColumnNames names,
        DataViewSchema.Column label,
        ClassTable? known,
        IChannel channel)
    {
        var labels = new ExampleLabels(label, known);
        ImportColumns columns = ImportColumns.Of(view.Schema, names, bank.Dimension);
        using DataViewRowCursor cursor = view.GetRowCursor(columns.With(label));
        var import = new ExampleImport(bank, cursor, columns, labels.CreateReader(cursor, label));
        long skipped = import.ReadAll();
        if (skipped > 0)
        {
            channel.Warning(
                MessageSensitivity.Schema,
                $"Column '{label.Name}' should have a value in every row. "
                + $"Got {skipped} rows without one; they were skipped.");
        }

        return labels.Classes;
    }

    /// <summary>Gives what reads the id of the row on which the view stands.</summary>
    public static Func<long> IdReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Int32) return Read(row.GetGetter<int>(column), value => value);
        if (column.Type == NumberDataViewType.UInt32) return Read(row.GetGetter<uint>(column), value => value);
        return Read(row.GetGetter<long>(column), value => value);

        static Func<long> Read<T>(ValueGetter<T> getter, Func<T, long> widen)
        {
            T value = default!;
            return () =>
            {
                getter(ref value);
                return widen(value);
            };
        }
    }

    private long ReadAll()
    {
        long skipped = 0;
        while (_cursor.MoveNext())
        {
            if (_label() is { } label) ReadRow(label);
            else skipped++;
        }

        Flush();
        return skipped;
    }

    private void ReadRow(int label)
    {
        Span<float> key = _keys.AsSpan(_count * _bank.Dimension, _bank.Dimension);
        _features.Read(key);
        if (!FeatureReader.IsFinite(key))
        {
            throw new InvalidOperationException(
                $"The features of row {_cursor.Position} must be finite numbers. Got NaN or infinity. "
                + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.");
        }

        float weight = 1;
        _weight?.Invoke(ref weight);
        if (!(weight >= 0) || float.IsInfinity(weight))
        {
            throw new InvalidOperationException(
                $"The weight of row {_cursor.Position} must be finite and at least 0. Got {weight}.");
        }

        _labels[_count] = label;
        _weights[_count] = weight;
        if (_id is not null) _ids[_count] = _id();
        if (++_count == _labels.Length) Flush();
    }

    private void Flush()
    {
        if (_count == 0) return;
        _bank.AddRange(
            _keys.AsSpan(0, _count * _bank.Dimension),
            _labels.AsSpan(0, _count),
            _weight is null ? default : _weights.AsSpan(0, _count),
            _id is null ? default : _ids.AsSpan(0, _count));
        _count = 0;
    }
}
