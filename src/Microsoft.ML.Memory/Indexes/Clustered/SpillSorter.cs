// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Sorts records that do not fit into memory: sorted runs in a file, merged at the end.</summary>
/// <remarks>
/// A record is a key (u64, then u32) and a payload of fixed length. The file is made when it is needed and goes with
/// the sorter.
/// </remarks>
internal sealed class SpillSorter : IDisposable
{
    private const int MergeBytes = 1 << 16;
    private const int LeastMergeBytes = 1 << 12;
    private const int FirstRecords = 64;

    private readonly string _path;
    private readonly WriteGate? _gate;
    private readonly int _payload;
    private readonly int _capacity;
    private readonly long _budget;
    private byte[] _records;
    private SpillKey[] _keys;
    private readonly List<SpillRun> _runs = [];
    private IndexFile? _file;
    private long _end;
    private int _count;

    /// <param name="path">Where the file goes.</param>
    /// <param name="payload">Bytes of a payload.</param>
    /// <param name="budget">Bytes to hold in memory, at least one record.</param>
    /// <param name="gate">Is told of every write.</param>
    public SpillSorter(string path, int payload, long budget, WriteGate? gate)
    {
        _path = path;
        _gate = gate;
        _payload = payload;
        _budget = budget;
        long record = payload + SpillKey.Bytes + Marshal.SizeOf<SpillKey>();
        _capacity = (int)Math.Clamp(budget / record, 1, Array.MaxLength / (payload + SpillKey.Bytes));
        _keys = new SpillKey[Math.Min(_capacity, FirstRecords)];
        _records = new byte[_keys.Length * payload];
    }

    /// <summary>Takes a record up.</summary>
    /// <returns>Where the caller writes its payload.</returns>
    public Span<byte> Add(ulong major, uint minor)
    {
        if (_count == _capacity) Spill();
        if (_count == _keys.Length) Grow();
        _keys[_count] = new SpillKey(major, minor, _count);
        return _records.AsSpan(_count++ * _payload, _payload);
    }

    /// <summary>Gives all records in the order of their keys; nothing can be added any more.</summary>
    public void Merge(SpillVisitor visit)
    {
        if (_file is null)
        {
            _keys.AsSpan(0, _count).Sort();
            foreach (ref readonly SpillKey key in _keys.AsSpan(0, _count)) visit(key.Major, key.Minor, Payload(key));
            return;
        }

        if (_count > 0) Spill();
        int record = SpillKey.Bytes + _payload;
        long share = Math.Clamp(_budget / _runs.Count, LeastMergeBytes, MergeBytes * 16);
        int rows = (int)Math.Max(1, share / record);
        var readers = new PriorityQueue<SpillReader, SpillKey>(_runs.Count);
        for (int run = 0; run < _runs.Count; run++)
        {
            var reader = new SpillReader(_file, _runs[run], record, rows, run);
            if (reader.TryNext()) readers.Enqueue(reader, reader.Key);
        }

        while (readers.TryPeek(out SpillReader? reader, out SpillKey key))
        {
            visit(key.Major, key.Minor, reader.Payload);
            if (reader.TryNext()) readers.DequeueEnqueue(reader, reader.Key);
            else readers.Dequeue();
        }
    }

    public void Dispose() => _file?.Dispose();

    private ReadOnlySpan<byte> Payload(in SpillKey key) => _records.AsSpan(key.Place * _payload, _payload);

    private void Grow()
    {
        int count = (int)Math.Min(_capacity, 2L * _count);
        Array.Resize(ref _keys, count);
        Array.Resize(ref _records, count * _payload);
    }

    private void Spill()
    {
        _file ??= IndexFile.Create(_path, _gate, FileOptions.DeleteOnClose);
        _keys.AsSpan(0, _count).Sort();
        int record = SpillKey.Bytes + _payload;
        byte[] buffer = new byte[Math.Max(1, MergeBytes * 16 / record) * record];
        int filled = 0;
        long start = _end;
        foreach (ref readonly SpillKey key in _keys.AsSpan(0, _count))
        {
            key.WriteTo(buffer.AsSpan(filled));
            Payload(key).CopyTo(buffer.AsSpan(filled + SpillKey.Bytes));
            filled += record;
            if (filled < buffer.Length) continue;
            _file.Write(buffer, _end);
            _end += filled;
            filled = 0;
        }

        if (filled > 0) _file.Write(buffer.AsSpan(0, filled), _end);
        _end += filled;
        _runs.Add(new SpillRun(start, _count));
        _count = 0;
    }
}
