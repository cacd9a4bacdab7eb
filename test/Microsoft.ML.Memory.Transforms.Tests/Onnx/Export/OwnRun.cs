// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>What a transformer itself says of rows.</summary>
internal sealed class OwnRun
{
    public List<uint> Keys { get; } = [];

    public List<float> Scores { get; } = [];

    public List<long[]> Ids { get; } = [];

    public List<float[]> Distances { get; } = [];

    public List<uint[]> Labels { get; } = [];

    public List<float[]> Weights { get; } = [];

    public List<bool> IsUnknown { get; } = [];

    public List<float> UnknownScores { get; } = [];

    public static OwnRun Of(ITransformer model, IDataView rows) => OfScored(model.Transform(rows));

    public static OwnRun OfScored(IDataView scored)
    {
        var run = new OwnRun();
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        var readers = new List<Action>();
        Scalar<uint>(cursor, "PredictedLabel", readers, run.Keys.Add);
        Vector<float>(cursor, "Score", readers, run.Scores.AddRange);
        Vector<long>(cursor, "NeighborIds", readers, run.Ids.Add);
        Vector<float>(cursor, "NeighborDistances", readers, run.Distances.Add);
        Vector<uint>(cursor, "NeighborLabels", readers, run.Labels.Add);
        Vector<float>(cursor, "NeighborWeights", readers, run.Weights.Add);
        Scalar<bool>(cursor, "IsUnknown", readers, run.IsUnknown.Add);
        Scalar<float>(cursor, "UnknownScore", readers, run.UnknownScores.Add);
        while (cursor.MoveNext())
        {
            foreach (Action read in readers) read();
        }

        return run;
    }

    private static void Scalar<T>(DataViewRow row, string name, List<Action> readers, Action<T> add)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column) return;
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        readers.Add(() =>
        {
            getter(ref value);
            add(value);
        });
    }

    private static void Vector<T>(DataViewRow row, string name, List<Action> readers, Action<T[]> add)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column) return;
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        readers.Add(() =>
        {
            getter(ref value);
            add([.. value.DenseValues()]);
        });
    }
}
