// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>
/// The columns that every memory classifier adds, with the annotations that the host's evaluators look for.
/// </summary>
internal static class ClassifierColumns
{
    public const string PredictedLabel = "PredictedLabel";
    public const string Score = "Score";
    public const string IsUnknown = "IsUnknown";
    public const string UnknownScore = "UnknownScore";

    private const string KeyValues = "KeyValues";
    private const string SlotNames = "SlotNames";
    private const string TrainingLabelValues = "TrainingLabelValues";
    private const string ColumnKind = "MulticlassClassification";

    /// <summary>
    /// Makes the columns for a real schema: prediction, scores, then the neighbour columns asked for, by flag, then
    /// those of rejection where it is on.
    /// </summary>
    public static List<DataViewSchema.DetachedColumn> Create(
        DataViewSchema input, ClassTable classes, NeighborColumns neighbors, bool isRejecting = false)
    {
        uint setId = ScoreAnnotations.NextSetId(input);
        var labelType = new KeyDataViewType(typeof(uint), classes.Count);
        var columns = new List<DataViewSchema.DetachedColumn>
        {
            new(PredictedLabel, labelType, ScoreAnnotations.Create(ColumnKind, PredictedLabel, setId, builder =>
                LabelValues.AddTo(builder, KeyValues, classes))),
            new(
                Score,
                new VectorDataViewType(NumberDataViewType.Single, classes.Count),
                ScoreAnnotations.Create(ColumnKind, Score, setId, builder =>
            {
                LabelValues.AddTo(builder, TrainingLabelValues, classes);
                if (classes.ValueType is not null) LabelValues.AddNamesTo(builder, SlotNames, classes);
            })),
        };

        var labelAnnotations = new DataViewSchema.Annotations.Builder();
        LabelValues.AddTo(labelAnnotations, KeyValues, classes);
        foreach (NeighborColumns kind in Each(neighbors))
        {
            DataViewSchema.Annotations? annotations = kind == NeighborColumns.Labels
                ? labelAnnotations.ToAnnotations()
                : null;
            PrimitiveDataViewType item = kind == NeighborColumns.Labels ? labelType : ItemType(kind);
            columns.Add(new DataViewSchema.DetachedColumn(NameOf(kind), new VectorDataViewType(item), annotations));
        }

        if (!isRejecting) return columns;
        columns.Add(new DataViewSchema.DetachedColumn(IsUnknown, BooleanDataViewType.Instance));
        columns.Add(new DataViewSchema.DetachedColumn(UnknownScore, NumberDataViewType.Single));
        return columns;
    }

    /// <summary>Makes the shape that an estimator promises before it has seen data.</summary>
    public static SchemaShape Shape(
        SchemaShape input,
        SchemaShape.Column label,
        NeighborColumns neighbors,
        bool isRejecting = false,
        bool isMapped = false)
    {
        SchemaShape.Column? values = isMapped
            ? HostAccess.ShapeColumn(
                KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)
            : label.Annotations
                .Where(column => column.Name == KeyValues)
                .Cast<SchemaShape.Column?>()
                .FirstOrDefault();
        SchemaShape.Column[] common = ScoreAnnotations.Shape;
        IEnumerable<SchemaShape.Column> ValuesAs(string name)
            => values is { } column ? [HostAccess.ShapeColumn(name, column.Kind, column.ItemType, column.IsKey)] : [];
        IEnumerable<SchemaShape.Column> names = values is null
            ? []
            : [HostAccess.ShapeColumn(
                SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)];

        var added = new List<SchemaShape.Column>
        {
            HostAccess.ShapeColumn(
                PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
                new SchemaShape([.. common, .. ValuesAs(KeyValues)])),
            HostAccess.ShapeColumn(
                Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
                new SchemaShape([.. common, .. ValuesAs(TrainingLabelValues), .. names])),
        };
        foreach (NeighborColumns kind in Each(neighbors))
        {
            bool isLabel = kind == NeighborColumns.Labels;
            added.Add(HostAccess.ShapeColumn(
                NameOf(kind),
                SchemaShape.Column.VectorKind.VariableVector,
                isLabel ? NumberDataViewType.UInt32 : ItemType(kind),
                isLabel, isLabel ? new SchemaShape([.. ValuesAs(KeyValues)]) : null));
        }

        if (isRejecting)
        {
            added.Add(HostAccess.ShapeColumn(
                IsUnknown, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
            added.Add(HostAccess.ShapeColumn(
                UnknownScore, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false));
        }

        return new SchemaShape([.. input.Where(column => added.All(own => own.Name != column.Name)), .. added]);
    }

    /// <summary>Lists the single flags of a set, in the order of their columns.</summary>
    public static IEnumerable<NeighborColumns> Each(NeighborColumns neighbors)
    {
        foreach (NeighborColumns kind in Enum.GetValues<NeighborColumns>())
        {
            if (int.IsPow2((int)kind) && neighbors.HasFlag(kind)) yield return kind;
        }
    }

    /// <summary>Gives the name of the column of a single flag.</summary>
    public static string NameOf(NeighborColumns kind) => "Neighbor" + kind;

    /// <summary>Gives the type of a single value of a column; that of labels where these are no classes.</summary>
    public static PrimitiveDataViewType ItemType(NeighborColumns kind)
        => kind == NeighborColumns.Ids ? NumberDataViewType.Int64 : NumberDataViewType.Single;
}
