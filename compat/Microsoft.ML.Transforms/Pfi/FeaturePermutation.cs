// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Shuffles one slot of the feature column at a time and looks how the metrics change.</summary>
internal sealed class FeaturePermutation
{
    private readonly MulticlassClassificationCatalog _catalog;
    private readonly string _label;
    private readonly Random _random;

    public FeaturePermutation(MulticlassClassificationCatalog catalog, string label)
    {
        _catalog = catalog;
        _label = label;
        _random = catalog.GetEnvironment().Register("PermutationFeatureImportance").Rand;
    }

    public ImmutableArray<MulticlassClassificationMetricsStatistics> Run(
        ITransformer model, string features, IDataView data, int? rowLimit, int permutationCount)
    {
        MulticlassClassificationMetrics baseline = Evaluate(model, data);
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(features)
            ?? throw HostErrors.ExceptParam(null, "schema", $"{features} column 'Feature' not found");
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector
            || vector.ItemType != NumberDataViewType.Single)
        {
            throw HostErrors.ExceptSchemaMismatch(
                null, "schema", "feature", features, "known-size vector of Single", column.Type.ToString());
        }
        VBuffer<float>[] rows = Read(data, column, rowLimit);
        int slotCount = vector.Size;
        var result = new MulticlassClassificationMetricsStatistics[slotCount];
        for (int slot = 0; slot < slotCount; slot++)
        {
            result[slot] = new MulticlassClassificationMetricsStatistics();
            for (int i = 0; i < permutationCount; i++)
            {
                var view = new PermutedView(data, column, Permuted(rows, slot));
                result[slot].Add(Evaluate(model, view), baseline);
            }
        }
        return [.. result];
    }

    private MulticlassClassificationMetrics Evaluate(ITransformer model, IDataView data) =>
        _catalog.Evaluate(model.Transform(data), _label);

    private static VBuffer<float>[] Read(IDataView data, DataViewSchema.Column column, int? limit)
    {
        var rows = new List<VBuffer<float>>();
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        while ((limit is not { } most || rows.Count < most) && cursor.MoveNext())
        {
            VBuffer<float> row = default;
            getter(ref row);
            VBuffer<float> dense = default;
            row.CopyToDense(ref dense);
            rows.Add(dense);
        }
        return [.. rows];
    }

    private VBuffer<float>[] Permuted(VBuffer<float>[] rows, int slot)
    {
        float[] values = [.. rows.Select(r => r.GetItemOrDefault(slot))];
        _random.Shuffle(values);
        return [.. rows.Select((row, i) => With(row, slot, values[i]))];
    }

    private static VBuffer<float> With(VBuffer<float> row, int slot, float value)
    {
        float[] values = [.. row.GetValues()];
        values[slot] = value;
        return new VBuffer<float>(values.Length, values);
    }
}
