// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Reads a run record by record through a buffer.</summary>
internal sealed class SpillReader(IndexFile file, SpillRun run, int record, int rowsAtOnce, int number)
{
    private readonly byte[] _buffer = new byte[Math.Min(rowsAtOnce, run.Count) * record];
    private int _done;
    private int _row;
    private int _rows;

    public SpillKey Key { get; private set; }

    public ReadOnlySpan<byte> Payload
        => _buffer.AsSpan((_row * record) + SpillKey.Bytes, record - SpillKey.Bytes);

    /// <summary>Goes to the next record; false where there is none.</summary>
    public bool TryNext()
    {
        if (++_row >= _rows)
        {
            if (_done == run.Count) return false;
            _rows = Math.Min(_buffer.Length / record, run.Count - _done);
            file.Read(_buffer.AsSpan(0, _rows * record), run.Offset + ((long)_done * record), "spill");
            _done += _rows;
            _row = 0;
        }

        Key = SpillKey.Read(_buffer.AsSpan(_row * record), number);
        return true;
    }
}
