// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>The columns that a regression reads and adds, in real schemas and in schema shapes.</summary>
internal static class RegressionColumns
{
    public const string Score = "Score";

    private const string ColumnKind = "Regression";

    /// <summary>Makes the added columns: the score, then the neighbour columns asked for, by flag.</summary>
    public static List<DataViewSchema.DetachedColumn> Create(DataViewSchema input, NeighborColumns neighbors) =>
    [
        new(
            Score,
            NumberDataViewType.Single,
            ScoreAnnotations.Create(ColumnKind, Score, ScoreAnnotations.NextSetId(input))),
        .. ClassifierColumns.Each(neighbors).Select(kind => new DataViewSchema.DetachedColumn(
            ClassifierColumns.NameOf(kind), new VectorDataViewType(ClassifierColumns.ItemType(kind)))),
    ];

    /// <summary>Checks the columns of a shape and gives it with the added ones.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static SchemaShape Shape(SchemaShape input, NearestNeighborsRegressionOptions options)
    {
        Columns.CheckFeatures(input, options.FeatureColumnName);
        Columns.CheckOfType(input, options.LabelColumnName, NumberDataViewType.Single);
        if (options.ExampleWeightColumnName is { } weight)
            Columns.CheckOfType(input, weight, NumberDataViewType.Single);
        if (options.IdColumnName is { } ids) Columns.CheckOfType(input, ids, IdReader.Types);
        SchemaShape.Column[] added =
        [
            HostAccess.ShapeColumn(
                Score,
                SchemaShape.Column.VectorKind.Scalar,
                NumberDataViewType.Single,
                isKey: false,
                new SchemaShape(ScoreAnnotations.Shape)),
            .. ClassifierColumns.Each(options.NeighborColumns).Select(kind => HostAccess.ShapeColumn(
                ClassifierColumns.NameOf(kind),
                SchemaShape.Column.VectorKind.VariableVector,
                ClassifierColumns.ItemType(kind),
                isKey: false)),
        ];
        return new SchemaShape([.. input.Where(column => added.All(own => own.Name != column.Name)), .. added]);
    }
}
