// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The classes of a memory: how many there are and the label value that each stands for.</summary>
/// <remarks>
/// <para>Class c is the label key c + 1. A label key without key values gives a table without values: classes are then
/// known by number alone.</para>
/// <para>Immutable. Values are texts, numbers, booleans, dates or time spans; texts compare ordinally.</para>
/// </remarks>
internal sealed class ClassTable
{
    private readonly Dictionary<object, int>? _classes;

    private ClassTable(int count, PrimitiveDataViewType? valueType, object[]? values)
    {
        Count = count;
        ValueType = valueType;
        Values = values;
        if (values is null) return;
        _classes = new Dictionary<object, int>(values.Length);
        for (int index = 0; index < values.Length; index++) _classes.TryAdd(values[index], index);
    }

    /// <summary>Number of classes, at least 0.</summary>
    public int Count { get; }

    /// <summary>Type of the label values; null where the classes have none.</summary>
    public PrimitiveDataViewType? ValueType { get; }

    /// <summary>Label value of each class; null where the classes have none.</summary>
    public IReadOnlyList<object>? Values { get; }

    public static ClassTable Numbered(int count) => new(count, null, null);

    /// <exception cref="ArgumentException">The type is none of labels, or a text is cut.</exception>
    public static ClassTable Of(PrimitiveDataViewType valueType, object[] values)
    {
        if (!LabelValues.IsSupported(valueType))
        {
            throw new ArgumentException(
                $"Label values must be texts, numbers, booleans, dates or time spans. Got {valueType}.",
                nameof(valueType));
        }

        RequireWhole(values);
        return new ClassTable(values.Length, valueType, values);
    }

    /// <summary>Checks that labels which are texts come out of a file as they went in.</summary>
    /// <exception cref="ArgumentException">A text is cut.</exception>
    public static void RequireWhole(object[] labels)
    {
        foreach (object label in labels)
        {
            if (label is string text && !WholeText.Is(text))
                throw new ArgumentException(
                    $"labels must be texts of {WholeText.Constraint}. Got {WholeText.Got}. "
                    + "Cut texts between characters.");
        }
    }

    /// <summary>Reads the classes of a key column from its type and its key values.</summary>
    public static ClassTable OfKeyColumn(DataViewSchema.Column column)
    {
        ulong count = ((KeyDataViewType)column.Type).Count;
        if (count > int.MaxValue)
        {
            throw new ArgumentException(
                $"Column '{column.Name}' must have at most {int.MaxValue} key values. Got {count}. "
                + "Make keys with mlContext.Transforms.Conversion.MapValueToKey, one for each value there is.");
        }

        return LabelValues.TryReadKeyValues(column, (int)count, out PrimitiveDataViewType? type, out object[]? values)
            ? Of(type, values)
            : Numbered((int)count);
    }

    /// <summary>Finds the class of a label value; false where no class has it.</summary>
    public bool TryFind(object value, out int index)
    {
        index = 0;
        return _classes is not null && _classes.TryGetValue(value, out index);
    }

    /// <summary>Gives the table of only some of the classes, in the given order.</summary>
    public ClassTable Keep(int[] classes)
        => ValueType is null
            ? Numbered(classes.Length)
            : Of(ValueType, Array.ConvertAll(classes, index => Values![index]));

    /// <summary>Gives the name of a class as people read it: its value, or its number where it has none.</summary>
    public string NameOf(int index) => Convert.ToString(Values?[index] ?? index, CultureInfo.InvariantCulture)!;
}
