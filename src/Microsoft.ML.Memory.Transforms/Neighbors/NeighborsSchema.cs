// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>The columns that a lookup of neighbours reads and adds, in real schemas and in schema shapes.</summary>
internal static class NeighborsSchema
{
    /// <summary>Makes the columns that are to be stored, still empty.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that cannot be stored.</exception>
    public static StoredColumn[] EmptyColumns(DataViewSchema schema, NearestNeighborsOptions options) =>
        [.. options.StoredColumnNames.Select(name =>
        {
            DataViewSchema.Column column = Columns.Find(schema, name);
            return column.Type is PrimitiveDataViewType type && ValueFormat.IsSupported(type)
                ? StoredColumn.Empty(name, type)
                : throw NotStorable(name, $"{column.Type}");
        })];

    /// <summary>Lists the added columns: ids, distances, then the stored ones; each is a vector of any size.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="stored">Type of each stored column.</param>
    public static IEnumerable<(string Name, PrimitiveDataViewType Item)> Outputs(
        NearestNeighborsOptions options, IEnumerable<PrimitiveDataViewType> stored)
    {
        yield return (options.IdsColumnName, NumberDataViewType.Int64);
        yield return (options.DistancesColumnName, NumberDataViewType.Single);
        foreach ((string name, PrimitiveDataViewType type) in options.StoredColumnNames.Zip(stored))
            yield return (NearestNeighborsOptions.OutputNameOf(name), type);
    }

    /// <summary>Checks the columns of a shape and gives it with the added ones.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static SchemaShape Shape(SchemaShape input, NearestNeighborsOptions options)
    {
        Columns.CheckFeatures(input, options.FeatureColumnName);
        if (options.IdColumnName is { } ids) CheckIds(input, ids);
        SchemaShape.Column[] added =
            [.. Outputs(options, options.StoredColumnNames.Select(name => StoredTypeOf(input, name))).Select(
                output => HostAccess.ShapeColumn(
                    output.Name, SchemaShape.Column.VectorKind.VariableVector, output.Item, isKey: false))];
        return new SchemaShape([.. input.Where(column => added.All(own => own.Name != column.Name)), .. added]);
    }

    private static void CheckIds(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Columns.Find(shape, name);
        if (IsScalar(column) && IdReader.Types.Contains(column.ItemType)) return;
        throw new ArgumentException(
            $"Column '{name}' must be of type {string.Join<DataViewType>(" or ", IdReader.Types)}. "
            + $"Got {KindOf(column)}. Convert it with mlContext.Transforms.Conversion.ConvertType.");
    }

    private static PrimitiveDataViewType StoredTypeOf(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Columns.Find(shape, name);
        return IsScalar(column) && column.ItemType is PrimitiveDataViewType type && ValueFormat.IsSupported(type)
            ? type
            : throw NotStorable(name, KindOf(column));
    }

    private static bool IsScalar(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey;

    private static string KindOf(SchemaShape.Column column) =>
        $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}";

    private static ArgumentException NotStorable(string name, string type) => new(
        $"Column '{name}' must be a text, number, Boolean, date or time span to be stored. Got {type}. "
        + "Store what it stands for: map a key with mlContext.Transforms.Conversion.MapKeyToValue.");
}
