// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Feeds a column of images, resized and normalised by several threads.</summary>
internal sealed class ImageFeed<T> : RowFeed<T>
    where T : unmanaged
{
    private readonly ImageSource _source;
    private readonly ImageWorker<T>[] _workers;
    private readonly DataViewRow _row;
    private long[] _positions = [];

    public ImageFeed(
        NetworkInput input, NetworkBatch batch, DataViewRow row, ImageSource source, int threadCount)
        : base(input, batch)
    {
        _row = row;
        _source = source;
        _workers = new ImageWorker<T>[threadCount];
        for (int i = 0; i < threadCount; i++) _workers[i] = new ImageWorker<T>(source, input);
    }

    public override void Reserve(int rows)
    {
        base.Reserve(rows);
        _source.Reserve(rows);
        if (_positions.Length < rows) _positions = new long[rows];
    }

    public override void Read(int slot)
    {
        _positions[slot] = _row.Position;
        _source.Read(slot);
    }

    public override void Prepare(ReadOnlySpan<int> order)
    {
        int count = 0;
        foreach (int slot in order) count = Math.Max(count, slot + 1);
        int threads = Math.Min(_workers.Length, count);
        if (threads == 1) Convert(0, 1, count);
        else RowThreads.Run(threads, worker => Convert(worker, threads, count));
        base.Prepare(order);
    }

    // Each worker takes every so-manieth row, so that what a row becomes depends on nothing but the row.
    private void Convert(int worker, int step, int count)
    {
        for (int slot = worker; slot < count; slot += step)
            _workers[worker].Convert(slot, _positions[slot], Rows.AsSpan(slot * RowLength, RowLength));
    }
}
