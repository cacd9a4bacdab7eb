// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Reads values from text. Empty text is the default of a type.</summary>
internal static class TextParsing
{
    private static readonly string[] _true = ["true", "yes", "t", "y", "on", "1", "+1", "+"];
    private static readonly string[] _false = ["false", "no", "f", "n", "off", "0", "-1", "-"];

    /// <summary>A parser of values of a type; it answers false for text that is none.</summary>
    public delegate bool Parser<TValue>(ReadOnlySpan<char> text, out TValue value);

    /// <summary>The parser of a type, or null where the type cannot be read from text.</summary>
    public static Delegate Find(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Single => (Parser<float>)Real,
        TypeCode.Double => (Parser<double>)Real,
        TypeCode.SByte => (Parser<sbyte>)Integer,
        TypeCode.Byte => (Parser<byte>)Integer,
        TypeCode.Int16 => (Parser<short>)Integer,
        TypeCode.UInt16 => (Parser<ushort>)Integer,
        TypeCode.Int32 => (Parser<int>)Integer,
        TypeCode.UInt32 => (Parser<uint>)Integer,
        TypeCode.Int64 => (Parser<long>)Integer,
        TypeCode.UInt64 => (Parser<ulong>)Integer,
        TypeCode.Boolean => (Parser<bool>)Flag,
        TypeCode.DateTime => (Parser<DateTime>)Date,
        _ when type == typeof(DateTimeOffset) => (Parser<DateTimeOffset>)DateOffset,
        _ when type == typeof(TimeSpan) => (Parser<TimeSpan>)Duration,
        _ when type == typeof(ReadOnlyMemory<char>) => (Parser<ReadOnlyMemory<char>>)Text,
        _ => null,
    };

    /// <summary>Text that is no number is NaN; only "Infinity" and its sign stand for infinity.</summary>
    public static bool Real<TValue>(ReadOnlySpan<char> text, out TValue value)
        where TValue : IFloatingPointIeee754<TValue>
    {
        value = TValue.Zero;
        if (text.IsEmpty)
            return true;
        ReadOnlySpan<char> digits = text[0] is '+' or '-' ? text[1..] : text;
        if (digits is "Infinity" or "\u221E")
        {
            value = text[0] == '-' ? TValue.NegativeInfinity : TValue.PositiveInfinity;
            return true;
        }

        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isNumber = !digits.ContainsAnyExcept("0123456789.eE+-")
            && TValue.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
        if (!isNumber)
            value = TValue.NaN;
        return isNumber;
    }

    public static bool Integer<TValue>(ReadOnlySpan<char> text, out TValue value)
        where TValue : IBinaryInteger<TValue>
    {
        value = TValue.Zero;
        return text.IsEmpty
            || TValue.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool Flag(ReadOnlySpan<char> text, out bool value)
    {
        value = IsOneOf(text, _true);
        return text.IsEmpty || value || IsOneOf(text, _false);
    }

    private static bool Text(ReadOnlySpan<char> text, out ReadOnlyMemory<char> value)
    {
        value = text.ToString().AsMemory();
        return true;
    }

    // Dates without a zone are read as UTC.
    private static bool Date(ReadOnlySpan<char> text, out DateTime value)
    {
        value = default;
        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return text.IsEmpty || DateTime.TryParse(text, CultureInfo.InvariantCulture, Style, out value);
    }

    private static bool DateOffset(ReadOnlySpan<char> text, out DateTimeOffset value)
    {
        value = default;
        return text.IsEmpty
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }

    private static bool Duration(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        return text.IsEmpty || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsOneOf(ReadOnlySpan<char> text, string[] words)
    {
        foreach (string word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
