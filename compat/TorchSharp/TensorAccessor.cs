// Licensed under the MIT License. See LICENSE in the project root for license information.
using System.Collections;
using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>Copies between a tensor and arrays.</summary>
public sealed class TensorAccessor<T> : IEnumerable<T>, IDisposable
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        torch.Tensor.RequireType<T>(tensor.dtype);
        _tensor = tensor;
    }

    public long Count => _tensor.NumberOfElements;

    public T[] ToArray() => MemoryMarshal.Cast<byte, T>(_tensor.bytes).ToArray();

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0) =>
        MemoryMarshal.Cast<byte, T>(_tensor.bytes)[(int)tensorIndex..].CopyTo(array[arrayIndex..]);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
    }
}
