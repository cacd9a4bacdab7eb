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
            return StoredColumn.CanStore(column.Type)
                ? StoredColumn.Empty(name, column.Type)
                : throw NotStorable(name, $"{column.Type}");
        })];

    /// <summary>
    /// Lists the added columns: ids, distances, then the stored ones, of which each neighbour may have a vector.
    /// </summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Outputs(
        NearestNeighborsOptions options, IEnumerable<StoredColumn> stored) =>
        Added(options, stored.Select(column => column.Type)).Select(
            added => new DataViewSchema.DetachedColumn(added.Name, NeighborsOf(added.Type)));

    /// <summary>Checks the columns of a shape and gives it with the added ones.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static SchemaShape Shape(SchemaShape input, NearestNeighborsOptions options)
    {
        Columns.CheckFeatures(input, options.FeatureColumnName);
        if (options.IdColumnName is { } ids) Columns.CheckOfType(input, ids, IdReader.Types);
        if (options.GroupColumnName is { } group) GroupType.Check(input, group);
        SchemaShape.Column[] added =
            [.. Added(options, options.StoredColumnNames.Select(name => StoredItemOf(input, name))).Select(
                each => HostAccess.ShapeColumn(
                    each.Name, SchemaShape.Column.VectorKind.VariableVector, each.Type, isKey: false))];
        return new SchemaShape([.. input.Where(column => added.All(own => own.Name != column.Name)), .. added]);
    }

    private static DataViewType StoredItemOf(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Columns.Find(shape, name);
        bool isFixed = column.Kind != SchemaShape.Column.VectorKind.VariableVector && !column.IsKey;
        return isFixed && ValueFormat.IsSupported(column.ItemType)
            ? column.ItemType
            : throw NotStorable(name, Columns.KindOf(column));
    }

    /// <summary>Lists names of the added columns, each with the type of what one neighbour has.</summary>
    private static IEnumerable<(string Name, DataViewType Type)> Added(
        NearestNeighborsOptions options, IEnumerable<DataViewType> stored) =>
    [
        (options.IdsColumnName, NumberDataViewType.Int64),
        (options.DistancesColumnName, NumberDataViewType.Single),
        .. options.StoredColumnNames.Select(NearestNeighborsOptions.OutputNameOf).Zip(stored),
    ];

    /// <summary>A vector of as many items, or rows of items, as there are neighbours.</summary>
    private static VectorDataViewType NeighborsOf(DataViewType type) =>
        type is VectorDataViewType vector
            ? new VectorDataViewType(vector.ItemType, vector.Dimensions.Insert(0, 0))
            : new VectorDataViewType((PrimitiveDataViewType)type);

    private static ArgumentException NotStorable(string name, string type) => new(
        $"Column '{name}' must hold a text, number, Boolean, date or time span, or a vector of them with a fixed size, "
        + $"to be stored. Got {type}. Store what it stands for: map a key with "
        + "mlContext.Transforms.Conversion.MapKeyToValue.");
}
