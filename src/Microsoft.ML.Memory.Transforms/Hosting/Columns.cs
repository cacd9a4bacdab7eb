// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>
/// Finds columns and checks their types, in real schemas and in schema shapes, with one set of messages.
/// </summary>
internal static class Columns
{
    /// <summary>Finds a column by name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
        => schema.GetColumnOrNull(name)
            ?? throw Missing(name, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <summary>Finds a vector of Single with a fixed size.</summary>
    /// <param name="schema">Where to look.</param>
    /// <param name="name">Name of the column.</param>
    /// <param name="dimension">The size it must have; null takes any.</param>
    /// <param name="encoder">Mark of the encoder that it must come from where it has one; null takes any.</param>
    public static DataViewSchema.Column Features(
        DataViewSchema schema, string name, int? dimension = null, string? encoder = null)
    {
        DataViewSchema.Column column = Find(schema, name);
        var type = column.Type as VectorDataViewType;
        if (type is not { IsKnownSize: true } || type.ItemType != NumberDataViewType.Single)
            throw NotFeatures(name, column.Type);
        if (dimension is { } expected && type.Size != expected)
        {
            throw new ArgumentException(
                $"Column '{name}' must be a vector of {expected} values to match the memory. Got {type.Size}. "
                + "Use the features that the memory was trained on.");
        }

        return EncoderMark.Require(column, encoder);
    }

    /// <summary>Finds a key column.</summary>
    public static DataViewSchema.Column Key(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is KeyDataViewType ? column : throw NotKey(name, $"{column.Type}");
    }

    /// <summary>Finds a column of one of some types.</summary>
    public static DataViewSchema.Column OfType(DataViewSchema schema, string name, params DataViewType[] types)
    {
        DataViewSchema.Column column = Find(schema, name);
        if (types.Contains(column.Type)) return column;
        string remedy = types is [VectorDataViewType]
            ? "Give rows of the type and size that is stored."
            : "Convert it with mlContext.Transforms.Conversion.ConvertType.";
        throw new ArgumentException(
            $"Column '{name}' must be of type {string.Join<DataViewType>(" or ", types)}. Got {column.Type}. {remedy}");
    }

    /// <summary>Finds a vector, of any size, of a given item type.</summary>
    public static DataViewSchema.Column Vector(DataViewSchema schema, string name, DataViewType itemType)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is VectorDataViewType vector && vector.ItemType.Equals(itemType)
            ? column
            : throw NotVector(name, itemType, $"{column.Type}");
    }

    /// <summary>Checks the feature column of a schema shape.</summary>
    public static void CheckFeatures(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single
            || column.IsKey)
            throw NotFeatures(name, $"{column.Kind} of {column.ItemType}");
    }

    /// <summary>Checks the label column of a schema shape.</summary>
    public static SchemaShape.Column CheckKey(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        return column.IsKey && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column
            : throw NotKey(name, $"{column.Kind} of {column.ItemType}");
    }

    /// <summary>Checks a column of a schema shape that holds a single value of one of some types.</summary>
    public static void CheckOfType(SchemaShape shape, string name, params IReadOnlyList<DataViewType> types)
    {
        SchemaShape.Column column = Find(shape, name);
        bool isScalar = column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey;
        if (isScalar && types.Contains(column.ItemType)) return;
        throw new ArgumentException(
            $"Column '{name}' must be of type {string.Join(" or ", types)}. "
            + $"Got {KindOf(column)}. Convert it with mlContext.Transforms.Conversion.ConvertType.");
    }

    /// <summary>Checks a column of a schema shape that holds a vector, of any size, of a given item type.</summary>
    public static void CheckVector(SchemaShape shape, string name, DataViewType itemType)
    {
        SchemaShape.Column column = Find(shape, name);
        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar && !column.IsKey;
        if (!isVector || !column.ItemType.Equals(itemType)) throw NotVector(name, itemType, KindOf(column));
    }

    /// <summary>Describes what a column of a schema shape holds.</summary>
    public static string KindOf(SchemaShape.Column column)
        => $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}";

    /// <summary>Finds a column of a schema shape by name.</summary>
    public static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name) return column;
        }

        throw Missing(name, shape.Select(column => column.Name));
    }

    private static ArgumentException Missing(string name, IEnumerable<string> names)
        => new(
            $"Column '{name}' must be in the data. "
            + $"Got columns {string.Join(", ", names.Select(each => $"'{each}'"))}.");

    private static ArgumentException NotFeatures(string name, object type)
        => new($"Column '{name}' must be a vector of Single with a fixed size. Got {type}. "
            + "Make one with mlContext.Transforms.Concatenate, mlContext.Transforms.Conversion.ConvertType "
            + "or a VectorType attribute that states the size.");

    private static ArgumentException NotVector(string name, DataViewType itemType, string type)
        => new($"Column '{name}' must be a vector of {itemType}. Got {type}.");

    private static ArgumentException NotKey(string name, string type)
        => new($"Column '{name}' must be a key. Got {type}. "
            + $"Convert it with mlContext.Transforms.Conversion.MapValueToKey(\"{name}\").");
}
