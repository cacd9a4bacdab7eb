// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory;

/// <summary>Gives an input without a column the same number everywhere.</summary>
internal sealed class FilledFeed<T>(NetworkInput input, NetworkBatch batch) : NetworkFeed
    where T : unmanaged
{
    private T[] _values = [];

    public override void Reserve(int rows)
    {
    }

    public override void Read(int slot)
    {
    }

    public override void Prepare(ReadOnlySpan<int> order)
    {
    }

    public override OrtValue Bind(int start, int count, int tokenCount)
    {
        int length = checked(count * input.LengthOf(tokenCount));
        if (_values.Length < length)
        {
            _values = new T[length];
            ReadOnlySpan<double> value = [input.Kind == FeedKind.Ones ? 1 : 0];
            ElementCast.Convert(value, _values.AsSpan(0, 1));
            _values.AsSpan().Fill(_values[0]);
        }

        return OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, length),
            input.ShapeOf(batch.HasDimension ? count : null, tokenCount));
    }

    public override void CopyWeights(int place, Span<float> weights) => weights.Fill(1);
}
