// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The session of an encoder alone, on the rows of a view that lie ready: each batch in a tensor of its own.
/// </summary>
internal sealed class BareRuns : IDisposable
{
    private readonly EncoderNetwork _network;
    private readonly OrtValue[][] _batches;

    private BareRuns(EncoderNetwork network, OrtValue[][] batches)
    {
        _network = network;
        _batches = batches;
    }

    public static BareRuns Of<T>(EmbedOnnxTransformer encoder, IDataView rows)
        where T : unmanaged
    {
        NetworkInput input = encoder.Network.Inputs[0];
        int length = input.LengthOf(0), size = encoder.BatchSize;
        DataViewSchema.Column column = rows.Schema[input.ColumnName!];
        using DataViewRowCursor cursor = rows.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> row = default;
        var batches = new List<OrtValue[]>();
        T[] batch = new T[size * length];
        for (int slot = 0; cursor.MoveNext(); slot++)
        {
            read(ref row);
            ElementCast.Convert(row.GetValues(), batch.AsSpan(slot * length, length));
            if (slot < size - 1) continue;
            batches.Add([OrtValue.CreateTensorValueFromMemory(batch, input.ShapeOf(size, 0))]);
            (batch, slot) = (new T[batch.Length], -1);
        }

        return new BareRuns(encoder.Network, [.. batches]);
    }

    public void Run()
    {
        foreach (OrtValue[] batch in _batches) _network.Run(batch).Dispose();
    }

    public void Dispose()
    {
        foreach (OrtValue[] batch in _batches) batch[0].Dispose();
    }
}
