// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Checks the column that a transform reads before there is data.</summary>
internal static class Shapes
{
    public static void Check(SchemaShape shape, string name, string expected, Func<DataViewType, bool> fits)
    {
        SchemaShape.Column[] found = [.. shape.Where(column => column.Name == name)];
        if (found.Length == 0)
            throw HostErrors.MissingColumn(name);
        if (found[0].Kind != SchemaShape.Column.VectorKind.Scalar || !fits(found[0].ItemType))
            throw HostErrors.Mismatch(name, expected, $"{found[0].Kind} of {found[0].ItemType}");
    }
}
