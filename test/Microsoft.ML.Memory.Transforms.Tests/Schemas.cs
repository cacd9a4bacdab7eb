// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Compares the schema that an estimator promises with the one that its transformer keeps.</summary>
internal static class Schemas
{
    public static void AssertKept(SchemaShape promised, DataViewSchema kept)
    {
        foreach (DataViewSchema.Column column in kept.Where(column => !column.IsHidden))
        {
            SchemaShape.Column shape = promised.Single(each => each.Name == column.Name);
            Assert.AreEqual(KindOf(column.Type), shape.Kind, column.Name);
            Assert.AreEqual(ItemOf(column.Type) is KeyDataViewType, shape.IsKey, column.Name);
            Assert.AreEqual(ItemOf(column.Type).RawType, shape.ItemType.RawType, column.Name);
            CollectionAssert.AreEquivalent(
                column.Annotations.Schema.Select(each => each.Name).ToArray(),
                shape.Annotations.Select(each => each.Name).ToArray(),
                column.Name);
        }
    }

    /// <summary>Catches the shape that the host hands to an estimator: shapes cannot be made from outside.</summary>
    public static SchemaShape ShapeOf(IDataView data)
    {
        var capture = new ShapeCapture();
        new EstimatorChain<ITransformer>().Append(capture).Fit(data);
        return capture.Shape!;
    }

    private static SchemaShape.Column.VectorKind KindOf(DataViewType type) => type switch
    {
        VectorDataViewType { IsKnownSize: true } => SchemaShape.Column.VectorKind.Vector,
        VectorDataViewType => SchemaShape.Column.VectorKind.VariableVector,
        _ => SchemaShape.Column.VectorKind.Scalar,
    };

    private static DataViewType ItemOf(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
