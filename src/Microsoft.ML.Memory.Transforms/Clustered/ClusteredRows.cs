// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads a view batch by batch, each time it is enumerated, into buffers that all batches share.</summary>
internal sealed class ClusteredRows
{
    private const int BatchBytes = 4 << 20;

    private readonly IDataView _view;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column? _id;

    public ClusteredRows(IDataView view, string featureColumnName, string? idColumnName)
    {
        _view = view;
        _features = Columns.Features(view.Schema, featureColumnName);
        _id = idColumnName is null ? null : IdReader.Column(view.Schema, idColumnName);
        Dimension = ((VectorDataViewType)_features.Type).Size;
    }

    public int Dimension { get; }

    public IEnumerable<VectorBatch> Read()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor(_id is { } asked ? [_features, asked] : [_features]);
        var features = new FeatureReader(cursor, _features);
        Func<long>? id = _id is { } column ? IdReader.Create(cursor, column) : null;
        int rows = Math.Clamp(BatchBytes / Dimension / sizeof(float), 1, 4096);
        long[] ids = new long[rows];
        float[] vectors = new float[rows * Dimension];
        int count = 0;
        while (cursor.MoveNext())
        {
            ReadRow(cursor, features, vectors.AsSpan(count * Dimension, Dimension));
            ids[count] = id is null ? cursor.Position : id();
            if (++count < rows) continue;
            yield return new VectorBatch(ids, vectors);
            count = 0;
        }

        if (count > 0) yield return new VectorBatch(ids.AsMemory(0, count), vectors.AsMemory(0, count * Dimension));
    }

    private static void ReadRow(DataViewRow row, FeatureReader features, Span<float> vector)
    {
        features.Read(vector);
        if (FeatureReader.IsFinite(vector)) return;
        throw new InvalidOperationException(
            $"The features of row {row.Position} must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.");
    }
}
