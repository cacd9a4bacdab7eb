// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Turns a label column into class indices of a memory, adding classes where new values turn up.</summary>
/// <remarks>
/// The column is a key, whose values are matched by value, or by number where the memory's classes have no values; or
/// it holds the label values themselves, which spares a new mapping when only a few examples are added.
/// </remarks>
internal sealed class ExampleLabels
{
    private const int Unmapped = -1;

    private readonly ClassTable _known;
    private readonly ClassTable? _columnClasses;
    private readonly int[] _classOfKey = [];
    private readonly List<object> _added = [];
    private readonly Dictionary<object, int> _addedClasses = [];
    private int _count;

    /// <summary>Prepares to read labels.</summary>
    /// <param name="column">A key column, or one of the type of the known values.</param>
    /// <param name="known">
    /// The classes known so far; null takes them all from the key column, as a first fit does.
    /// </param>
    public ExampleLabels(DataViewSchema.Column column, ClassTable? known)
    {
        _columnClasses = column.Type is KeyDataViewType ? ClassTable.OfKeyColumn(column) : null;
        _known = known ?? _columnClasses!;
        _count = _known.Count;
        if (_columnClasses is null)
        {
            if (!column.Type.Equals(_known.ValueType)) throw Mismatch(column);
            return;
        }

        if (!Equals(_columnClasses.ValueType, _known.ValueType)) throw Mismatch(column);
        _classOfKey = new int[_columnClasses.Count];
        Array.Fill(_classOfKey, Unmapped);
    }

    /// <summary>Gives the classes known by now, those of the rows read so far included.</summary>
    public ClassTable Classes => _count == _known.Count
        ? _known
        : _known.ValueType is { } type
            ? ClassTable.Of(type, [.. _known.Values!, .. _added])
            : ClassTable.Numbered(_count);

    /// <summary>Makes a reader of the class of the current row; null where the label is missing.</summary>
    public Func<int?> CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType)
        {
            Func<object> value = LabelValues.Reader(row, column);
            return () => value() is var label && IsMissing(label) ? null : ClassOf(label);
        }

        Func<long> key = IntegerReader.Create(row, column);
        return () => key() is var label && label == 0 ? null : ClassOfKey(label);
    }

    /// <summary>Reports rows that were skipped because their label is missing, if there are any.</summary>
    /// <param name="count">How many there were.</param>
    /// <param name="label">The label column.</param>
    /// <param name="channel">Where to warn.</param>
    /// <param name="isAdding">Whether the rows were to be added to a memory, maybe as new classes.</param>
    public static void WarnOfMissing(
        long count, DataViewSchema.Column label, IChannel channel, bool isAdding = false)
    {
        if (count == 0) return;
        string remedy = isAdding && label.Type is KeyDataViewType
            ? " A mapping to keys has none for labels that it was not fitted on: name a column of label values instead."
            : "";
        channel.Warning(
            MessageSensitivity.Schema,
            $"Column '{label.Name}' should have a value in every row. "
            + $"Got {count} rows without one; they were skipped.{remedy}");
    }

    private static bool IsMissing(object label) => label is "" or float.NaN or double.NaN;

    private static ArgumentException Mismatch(DataViewSchema.Column column)
        => new($"Column '{column.Name}' must hold the same type of label as the memory. Got {column.Type}. "
            + "Give the label as the memory was trained: a key with the same type of key values, or those values.");

    /// <summary>Gives the class of a key, counted from 1.</summary>
    private int ClassOfKey(long key)
    {
        if ((ulong)key > (ulong)_classOfKey.Length)
            throw new InvalidOperationException($"The label key must be at most {_classOfKey.Length}. Got {key}.");
        int index = (int)key - 1;
        ref int mapped = ref _classOfKey[index];
        if (mapped != Unmapped) return mapped;
        if (_columnClasses!.Values is { } values) return mapped = ClassOf(values[index]);
        _count = Math.Max(_count, index + 1);
        return mapped = index;
    }

    private int ClassOf(object label)
    {
        if (_known.TryFind(label, out int index) || _addedClasses.TryGetValue(label, out index)) return index;
        index = _count++;
        _added.Add(label);
        _addedClasses.Add(label, index);
        return index;
    }
}
