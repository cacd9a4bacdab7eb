// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>The first rows of a segment on the device, some of them removed; what it shows never changes.</summary>
internal sealed class DeviceView : Shared
{
    private readonly Lock _gate = new();
    private readonly torch.Device _device;
    private torch.Tensor? _masked;

    /// <summary>Makes a view, which holds its rows.</summary>
    public DeviceView(DeviceRows rows, in SegmentView view, torch.Device device)
    {
        Rows = rows;
        View = view;
        _device = device;
        if (!rows.TryHold()) throw new ObjectDisposedException(nameof(DeviceRows));
    }

    public DeviceRows Rows { get; }

    public SegmentView View { get; }

    /// <summary>
    /// Gives the biases [count]: minus infinity for rows that are removed or that the filter leaves out.
    /// </summary>
    /// <remarks>Belongs to the caller's dispose scope, or to this view.</remarks>
    public torch.Tensor Biases(Func<long, bool>? filter)
    {
        if (filter is not null) return Masked(filter);
        if (View.RemovedCount == 0) return Rows.Biases!.narrow(0, 0, View.Count);
        lock (_gate) return _masked ??= Masked(null).DetachFromDisposeScope();
    }

    protected override void Free()
    {
        _masked?.Dispose();
        Rows.Release();
    }

    private torch.Tensor Masked(Func<long, bool>? filter)
    {
        float[] biases = Rows.HostBiases[..View.Count].ToArray();
        ReadOnlySpan<long> ids = View.Segment.Ids;
        for (int row = 0; row < biases.Length; row++)
        {
            if (View.IsRemoved(row) || filter?.Invoke(ids[row]) == false) biases[row] = float.NegativeInfinity;
        }

        return torch.tensor(biases, device: _device);
    }
}
