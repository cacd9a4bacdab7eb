// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Writes values as text, with the shortest digits that read back the same.</summary>
internal static class TextFormat
{
    /// <summary>Whether values of a type can be written as text.</summary>
    public static bool Covers(DataViewType type) => type is NumberDataViewType or TextDataViewType;

    public static Converter<TValue, ReadOnlyMemory<char>> For<TValue>(DataViewType type) => Covers(type)
        ? Write
        : throw Marked.Operation($"Values of type '{type}' cannot be written as text");

    public static ReadOnlyMemory<char> Write<TValue>(TValue value) => value is ReadOnlyMemory<char> text
        ? text
        : ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture).AsMemory();
}
