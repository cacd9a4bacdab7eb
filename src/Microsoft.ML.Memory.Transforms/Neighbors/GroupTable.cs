// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>The groups of a lookup: a number, from 1 on, for each value that a stored row has had.</summary>
/// <remarks>
/// <para>A key stands for its key value, so that columns mapped in different ways, or not at all, tell the same groups.
/// The number of a group is the label of its rows' entries; entries of rows without a group have the label
/// <see cref="None"/>.</para>
/// <para>All lookups that come from one fit share a table, which only grows. Safe for concurrent use.</para>
/// </remarks>
internal sealed class GroupTable(GroupType type)
{
    /// <summary>The label of rows that have no group.</summary>
    public const int None = 0;

    private const int Unread = -2;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, int> _integers = new();
    private readonly List<object> _values = [];

    /// <summary>What tells the groups.</summary>
    public GroupType Type { get; } = type;

    /// <summary>Number of groups.</summary>
    public int Count => _texts.Count + _integers.Count;

    /// <summary>Makes a function that gives the label of the row to be stored, of a new group where it has one.
    /// </summary>
    public Func<int> Adder(DataViewRow row, DataViewSchema.Column column) => Reader(row, column, isAdding: true);

    /// <summary>
    /// Makes a function that gives the label of the current row, or <see cref="ClassSearch.NoClass"/> where it has no
    /// group, or one that no stored row has had.
    /// </summary>
    public Func<int> Finder(DataViewRow row, DataViewSchema.Column column) => Reader(row, column, isAdding: false);

    /// <summary>Writes the values of some groups, in the given order.</summary>
    public void Write(BinaryWriter writer, List<int> numbers)
    {
        writer.Write(numbers.Count);
        lock (_gate)
        {
            foreach (int number in numbers)
            {
                if (_values[number - 1] is string text) TextFormat.Write(writer, text);
                else writer.Write((long)_values[number - 1]);
            }
        }
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="FormatException">A value is missing, or is there twice.</exception>
    public static GroupTable Read(BinaryReader reader, GroupType type)
    {
        var table = new GroupTable(type);
        int count = reader.ReadInt32();
        for (int number = 1; number <= count; number++)
        {
            bool isText = type.Values is TextDataViewType;
            int found = isText
                ? table.NumberOfText(TextFormat.Read(reader), isAdding: true)
                : table.NumberOf(reader.ReadInt64(), isAdding: true);
            if (found != number)
            {
                throw new FormatException(
                    "Groups must have values that differ, and none that is missing. "
                    + $"Got such a value of group {number}.");
            }
        }

        return count >= 0 ? table : throw new FormatException($"Groups must be at least 0. Got {count}.");
    }

    private Func<int> Reader(DataViewRow row, DataViewSchema.Column column, bool isAdding)
    {
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getter(ref text);
                return NumberOfText(text.Span, isAdding);
            };
        }

        Func<long> integer = IntegerReader.Create(row, column);
        if (column.Type is not KeyDataViewType) return () => NumberOf(integer(), isAdding);
        if (Type.Values is not null) return KeyReader(integer, column, isAdding);
        return () => integer() is var key && key == 0 ? Missing(isAdding) : NumberOf(key, isAdding);
    }

    /// <summary>Looks each key value up once.</summary>
    private Func<int> KeyReader(Func<long> key, DataViewSchema.Column column, bool isAdding)
    {
        int count = (int)((KeyDataViewType)column.Type).Count;
        _ = LabelValues.TryReadKeyValues(column, count, out _, out object[]? values);
        int[] numbers = new int[values!.Length];
        Array.Fill(numbers, Unread);
        return () =>
        {
            long current = key();
            if (current == 0) return Missing(isAdding);
            if ((ulong)current > (ulong)numbers.Length)
            {
                throw new InvalidOperationException(
                    $"Column '{column.Name}' must hold keys of at most {numbers.Length}. Got {current}.");
            }

            ref int number = ref numbers[current - 1];
            return number == Unread ? number = NumberOfValue(values[current - 1], isAdding) : number;
        };
    }

    private static int Missing(bool isAdding) => isAdding ? None : ClassSearch.NoClass;

    private int NumberOfValue(object value, bool isAdding) => value switch
    {
        string text => NumberOfText(text, isAdding),
        bool flag => NumberOf(flag ? 1 : 0, isAdding),
        ulong large => NumberOf(unchecked((long)large), isAdding),
        _ => NumberOf(Convert.ToInt64(value, CultureInfo.InvariantCulture), isAdding),
    };

    private int NumberOfText(ReadOnlySpan<char> text, bool isAdding)
    {
        if (text.IsEmpty) return Missing(isAdding);
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int number)) return number;
        return isAdding ? Add(_texts, text.ToString()) : ClassSearch.NoClass;
    }

    private int NumberOf(long integer, bool isAdding)
    {
        if (_integers.TryGetValue(integer, out int number)) return number;
        return isAdding ? Add(_integers, integer) : ClassSearch.NoClass;
    }

    private int Add<T>(ConcurrentDictionary<T, int> numbers, T value)
        where T : notnull
    {
        lock (_gate)
        {
            if (numbers.TryGetValue(value, out int number)) return number;
            _values.Add(value);
            return numbers[value] = _values.Count;
        }
    }
}
