// Licensed under the MIT License. See LICENSE in the project root for license information.

using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Data;

/// <summary>What estimators ask of, and add to, the shape of a schema.</summary>
internal static class Shapes
{
    private static readonly SchemaShape.Column _isNormalized =
        new(AnnotationKinds.IsNormalized, Kind.Scalar, BooleanDataViewType.Instance, false);

    private static readonly SchemaShape.Column _slotNames =
        new(AnnotationKinds.SlotNames, Kind.Vector, TextDataViewType.Instance, false);

    public static SchemaShape.Column IsNormalized => _isNormalized;

    public static SchemaShape.Column SlotNames => _slotNames;

    /// <summary>The shape with a column added for each pair.</summary>
    public static SchemaShape Add(
        SchemaShape shape,
        InputOutputColumnPair[] pairs,
        Func<SchemaShape, InputOutputColumnPair, SchemaShape.Column> makeColumn)
    {
        Marked.NotNull(shape, "inputSchema");
        return shape.With(Array.ConvertAll(pairs, pair => makeColumn(shape, pair)));
    }

    public static SchemaShape.Column Find(SchemaShape shape, string name) =>
        Marked.NotNull(shape, "inputSchema").TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw Marked.MissingColumn(name);

    public static SchemaShape.Column Make(
        string name, Kind kind, DataViewType itemType, bool isKey, params SchemaShape.Column[] annotations) =>
        new(name, kind, itemType, isKey, new SchemaShape(annotations));
}
