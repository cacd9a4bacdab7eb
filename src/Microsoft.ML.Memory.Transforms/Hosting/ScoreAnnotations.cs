// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>The annotations that tell the host's evaluators what a score column is.</summary>
internal static class ScoreAnnotations
{
    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreValueKind = "ScoreValueKind";
    private const string ScoreColumnSetId = "ScoreColumnSetId";

    private static readonly KeyDataViewType _setIdType = new(typeof(uint), int.MaxValue);

    /// <summary>The shape of the annotations.</summary>
    public static SchemaShape.Column[] Shape =>
    [
        HostAccess.ShapeColumn(
            ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
        HostAccess.ShapeColumn(
            ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        HostAccess.ShapeColumn(
            ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
    ];

    /// <summary>Makes the annotations of one column.</summary>
    /// <param name="columnKind">Name of the task that the column is of.</param>
    /// <param name="valueKind">What the column holds, such as Score.</param>
    /// <param name="setId">What binds the columns of one transformer together: see <see cref="NextSetId"/>.</param>
    /// <param name="addValues">Adds what the column has beside these; null: nothing.</param>
    public static DataViewSchema.Annotations Create(
        string columnKind,
        string valueKind,
        uint setId,
        Action<DataViewSchema.Annotations.Builder>? addValues = null)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, columnKind.AsMemory());
        builder.AddPrimitiveValue(ScoreColumnSetId, _setIdType, setId);
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        addValues?.Invoke(builder);
        return builder.ToAnnotations();
    }

    /// <summary>
    /// Gives the number that binds the score columns of one transformer together, free in this schema.
    /// </summary>
    public static uint NextSetId(DataViewSchema schema)
    {
        uint largest = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId)?.Type.RawType != typeof(uint)) continue;
            uint setId = 0;
            column.Annotations.GetValue(ScoreColumnSetId, ref setId);
            largest = Math.Max(largest, setId);
        }

        return largest + 1;
    }
}
