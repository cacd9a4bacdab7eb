// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Turns names of classes, as people read them, into label values.</summary>
internal static class LabelParser
{
    /// <summary>Most classes that have numbers only, where a number may be a new class.</summary>
    public const int MostNumbered = 1 << 20;

    /// <summary>Gives the label that a name stands for.</summary>
    /// <exception cref="ArgumentException">The name is empty, or it is no label of the type of the classes.</exception>
    public static ChangeLabels Parse(string label, ClassTable classes)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (label.Length == 0) throw new ArgumentException("label must be a name. Got an empty one.", nameof(label));
        for (int index = 0; index < classes.Count && classes.ValueType is not TextDataViewType; index++)
        {
            if (classes.NameOf(index) == label) return Of(classes, classes.Values?[index] ?? index);
        }

        return Of(classes, ValueOf(label, classes.ValueType) ?? throw new ArgumentException(
            $"label must be a class of the memory, or a new one of the same type. Got '{label}', "
            + $"while its labels are of type {classes.ValueType?.ToString() ?? "key without values"}.",
            nameof(label)));
    }

    private static ChangeLabels Of(ClassTable classes, object value) => new(classes.ValueType, [value], [0]);

    private static object? ValueOf(string name, PrimitiveDataViewType? type)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type is TextDataViewType) return name;
        if (type is BooleanDataViewType) return bool.TryParse(name, out bool flag) ? flag : null;
        if (type is null)
        {
            return int.TryParse(name, NumberStyles.None, culture, out int number) && number < MostNumbered
                ? number
                : null;
        }

        if (type is not NumberDataViewType) return null; // a date: only one that is there already
        try
        {
            object value = Convert.ChangeType(name, type.RawType, culture);
            return value is float.NaN or double.NaN ? null : value;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null;
        }
    }
}
