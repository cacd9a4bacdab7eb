// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using TorchSharp;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What one would write with torch alone: the product with all unit rows, then the largest of each.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly torch.Tensor _rows;
    private readonly torch.Device _device;
    private readonly int _dimension;

    public TorchPeer(float[] rows, int dimension, string device)
    {
        _dimension = dimension;
        _device = torch.device(device);
        float[] unit = [.. rows];
        for (int start = 0; start < unit.Length; start += dimension)
        {
            Span<float> row = unit.AsSpan(start, dimension);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        }

        _rows = torch.tensor(unit, [rows.Length / dimension, dimension], device: _device);
    }

    /// <summary>Finds the nearest rows and brings them to the host.</summary>
    public void Search(float[] queries, int k)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor asked = torch.tensor(queries, [queries.Length / _dimension, _dimension], device: _device);
        (torch.Tensor best, torch.Tensor places) = torch.topk(torch.matmul(asked, _rows.t()), k);
        GC.KeepAlive(best.cpu().data<float>().ToArray());
        GC.KeepAlive(places.cpu().data<long>().ToArray());
    }

    public void Dispose() => _rows.Dispose();
}
