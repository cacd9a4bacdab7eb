// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

/// <summary>Makes the input columns of the types that requests can carry.</summary>
internal static class InputColumns
{
    /// <summary>Makes the column; null where its type is not one that requests can carry.</summary>
    public static InputColumn? Create(DataViewSchema.Column column)
    {
        DataViewType type = (column.Type as VectorDataViewType)?.ItemType ?? column.Type;
        if (type is KeyDataViewType) return null;
        if (column.Type is ImageDataViewType image) return new ImageColumn(column, image);
        if (type is TextDataViewType) return Create<ReadOnlyMemory<char>>(column, "a text", "texts", "string", Text);
        if (type is BooleanDataViewType) return Create<bool>(column, "true or false", "truth values", "boolean", Truth);
        if (type == NumberDataViewType.Single)
            return Create<float>(column, "a finite number", "finite numbers", "number", Single);
        if (type == NumberDataViewType.Double)
            return Create<double>(column, "a finite number", "finite numbers", "number", Double);
        if (type == NumberDataViewType.SByte) return Whole<sbyte>(column);
        if (type == NumberDataViewType.Byte) return Whole<byte>(column);
        if (type == NumberDataViewType.Int16) return Whole<short>(column);
        if (type == NumberDataViewType.UInt16) return Whole<ushort>(column);
        if (type == NumberDataViewType.Int32) return Whole<int>(column);
        if (type == NumberDataViewType.UInt32) return Whole<uint>(column);
        if (type == NumberDataViewType.Int64) return Whole<long>(column);
        return type == NumberDataViewType.UInt64 ? Whole<ulong>(column) : null;
    }

    private static InputColumn Whole<T>(DataViewSchema.Column column)
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"from {T.MinValue} to {T.MaxValue}");
        return Create<T>(column, $"a whole number {range}", $"whole numbers {range}", "integer", Integer);
    }

    private static InputColumn Create<T>(
        DataViewSchema.Column column, string item, string items, string jsonType, JsonScalar<T> read)
        => column.Type is VectorDataViewType vector
            ? new VectorColumn<T>(column, vector.Size, items, read)
            : new ScalarColumn<T>(column, item, jsonType, read);

    private static bool Integer<T>(ref Utf8JsonReader reader, out T value)
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        value = T.Zero;
        if (reader.TokenType != JsonTokenType.Number) return false;
        if (reader.TryGetInt64(out long number))
        {
            value = T.CreateTruncating(number);
            return Int128.CreateChecked(value) == number;
        }

        if (!reader.TryGetUInt64(out ulong large)) return false;
        value = T.CreateTruncating(large);
        return Int128.CreateChecked(value) == large;
    }

    private static bool Single(ref Utf8JsonReader reader, out float value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out value) && float.IsFinite(value);
    }

    private static bool Double(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static bool Truth(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    private static bool Text(ref Utf8JsonReader reader, out ReadOnlyMemory<char> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String) return false;
        value = reader.GetString().AsMemory();
        return true;
    }
}
