// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Shuffles one slot of the feature column at a time and looks how the metrics change.</summary>
/// <typeparam name="TMetrics">What an evaluation gives.</typeparam>
/// <typeparam name="TStatistics">What is collected of its changes.</typeparam>
internal sealed class FeaturePermutation<TMetrics, TStatistics>
    where TStatistics : IMetricsStatistics<TMetrics>
{
    private readonly Func<IDataView, TMetrics> _evaluate;
    private readonly Func<TStatistics> _create;
    private readonly Random _random;

    public FeaturePermutation(
        TrainCatalogBase catalog, Func<IDataView, TMetrics> evaluate, Func<TStatistics> create)
    {
        _evaluate = evaluate;
        _create = create;
        _random = catalog.GetEnvironment().Register("PermutationFeatureImportance").Rand;
    }

    public ImmutableArray<TStatistics> Run(
        ITransformer model, string features, IDataView data, int? rowLimit, int permutationCount)
    {
        TMetrics baseline = Evaluate(model, data);
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
        var result = new TStatistics[slotCount];
        for (int slot = 0; slot < slotCount; slot++)
        {
            result[slot] = _create();
            for (int i = 0; i < permutationCount; i++)
            {
                var view = new PermutedView(data, column, Permuted(rows, slot));
                result[slot].Add(Evaluate(model, view), baseline);
            }
        }
        return [.. result];
    }

    private TMetrics Evaluate(ITransformer model, IDataView data) => _evaluate(model.Transform(data));

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
