// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The session of an encoder alone: as many runs of a batch as some rows take, on numbers that lie ready.
/// </summary>
internal sealed class BareRuns : IDisposable
{
    private readonly EncoderNetwork _network;
    private readonly OrtValue[] _values;
    private readonly int _runs;

    private BareRuns(EncoderNetwork network, OrtValue value, int runs)
    {
        _network = network;
        _values = [value];
        _runs = runs;
    }

    public static BareRuns Of<T>(EmbedOnnxTransformer encoder, int count)
        where T : unmanaged
    {
        EncoderNetwork network = encoder.Network;
        NetworkInput input = network.Inputs[0];
        float[] row = new float[input.LengthOf(0)];
        T[] data = new T[encoder.BatchSize * row.Length];
        var random = new Random(1);
        for (int start = 0; start < data.Length; start += row.Length)
        {
            for (int i = 0; i < row.Length; i++) row[i] = 255 * random.NextSingle();
            ElementCast.Convert(row, data.AsSpan(start, row.Length));
        }

        var value = OrtValue.CreateTensorValueFromMemory(data, input.ShapeOf(encoder.BatchSize, 0));
        return new BareRuns(network, value, count / encoder.BatchSize);
    }

    public void Run()
    {
        for (int run = 0; run < _runs; run++) _network.Run(_values).Dispose();
    }

    public void Dispose() => _values[0].Dispose();
}
