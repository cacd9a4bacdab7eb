// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>What tells the groups of a lookup: values, of a column or of a key column's keys, or numbers of keys.
/// </summary>
/// <param name="Values">Type of the values; null where keys that have none are known by number.</param>
/// <param name="KeyCount">Number of such keys; 0 where there are values.</param>
internal sealed record GroupType(PrimitiveDataViewType? Values, ulong KeyCount)
{
    private const byte NumberedKeys = 0;

    private static readonly PrimitiveDataViewType[] _supported =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance,
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
    ];

    /// <summary>Finds the column of groups of the rows that a lookup is fitted on, and what tells them.</summary>
    /// <exception cref="ArgumentException">The column is missing, or of a type that tells no groups.</exception>
    public static GroupType Of(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Columns.Find(schema, name);
        GroupType type = Of(column);
        return type.Values is null ? type.KeyCount > 0 ? type : throw NotGroups(name, $"{column.Type}")
            : IsSupported(type.Values) ? type
            : throw NotGroups(name, Describe(column, type));
    }

    /// <summary>Checks the column of groups of a schema shape.</summary>
    /// <exception cref="ArgumentException">The column is missing, or of a type that tells no groups.</exception>
    public static void Check(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Columns.Find(shape, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar && (column.IsKey || IsSupported(column.ItemType)))
            return;
        throw NotGroups(name, $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}");
    }

    /// <summary>Finds the column of groups of other rows.</summary>
    /// <exception cref="ArgumentException">The column is missing, or tells its groups by something else.</exception>
    public DataViewSchema.Column Column(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Columns.Find(schema, name);
        GroupType type = Of(column);
        if (type == this) return column;
        string expected = Values is null
            ? $"be a key without key values, of {KeyCount} keys,"
            : $"be of type {Values}, or a key of such values,";
        throw new ArgumentException(
            $"Column '{name}' must {expected} to tell the groups of the stored rows. Got {Describe(column, type)}. "
            + (Values is null ? "Map it as the stored rows were."
                : column.Type is KeyDataViewType ? "Name a column of such values, or map one."
                : "Convert it with mlContext.Transforms.Conversion.ConvertType."));
    }

    /// <summary>Writes a code and, for keys that have no values, their number.</summary>
    public void Write(BinaryWriter fields)
    {
        fields.Write(Values is null ? NumberedKeys : ValueFormat.CodeOf(Values));
        if (Values is null) fields.Write(KeyCount);
    }

    /// <exception cref="FormatException">The type is not one that tells groups.</exception>
    public static GroupType Read(BinaryReader fields)
    {
        byte code = fields.ReadByte();
        PrimitiveDataViewType? values = ValueFormat.TypeOf(code);
        if (code == NumberedKeys && fields.ReadUInt64() is var count and > 0) return new GroupType(null, count);
        return values is not null && IsSupported(values)
            ? new GroupType(values, 0)
            : throw new FormatException($"Groups must be told by a known type. Got code {code}.");
    }

    private static GroupType Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key) return new GroupType(column.Type as PrimitiveDataViewType, 0);
        return key.Count <= int.MaxValue
            && LabelValues.TryReadKeyValues(column, (int)key.Count, out PrimitiveDataViewType? values, out _)
                ? new GroupType(values, 0)
                : new GroupType(null, key.Count);
    }

    private static bool IsSupported(DataViewType type) => Array.Exists(_supported, type.Equals);

    private static string Describe(DataViewSchema.Column column, GroupType type) => column.Type is not KeyDataViewType
        ? $"{column.Type}"
        : type.Values is { } values ? $"{column.Type} of {values}"
        : $"{column.Type} without key values";

    private static ArgumentException NotGroups(string name, string type) => new(
        $"Column '{name}' must hold a text, Boolean or integer, or a key, with key values of these types if it has "
        + $"any, to tell groups. Got {type}. Make texts of the values with mlContext.Transforms.Conversion.ConvertType "
        + "and DataKind.String, of a key's before they are mapped.");
}
