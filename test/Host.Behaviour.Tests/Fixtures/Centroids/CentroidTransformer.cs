// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>Adds PredictedLabel and Score to a view.</summary>
internal class CentroidTransformer(
    CentroidModel model, DataViewType featureType, DataViewSchema.Column label)
    : ISingleFeaturePredictionTransformer<CentroidModel>
{
    public CentroidModel Model => model;

    public string FeatureColumnName => "Features";

    public DataViewType FeatureColumnType => featureType;

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in inputSchema)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }
        builder.AddColumn("PredictedLabel", label.Type, Kind("PredictedLabel", "KeyValues"));
        var scores = new VectorDataViewType(NumberDataViewType.Single, model.ClassCount);
        builder.AddColumn("Score", scores, Kind("Score", "SlotNames"));
        return builder.ToSchema();
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new CentroidMapper(this, inputSchema);

    public IDataView Transform(IDataView input) => new CentroidView(new CentroidMapper(this, input.Schema), input);

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("A test's own model is not saved.");

    // The class names are the label's key values, under the name that the column wants.
    private DataViewSchema.Annotations Kind(string valueKind, string namesKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, valueKind.AsMemory());
        if (label.Annotations.Schema.GetColumnOrNull("KeyValues") is { Type: VectorDataViewType type })
        {
            builder.Add(namesKind, type, (ref VBuffer<ReadOnlyMemory<char>> names) =>
                label.Annotations.GetValue("KeyValues", ref names));
        }
        return builder.ToAnnotations();
    }
}
