// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Shares the rows of one cursor among several, block by block: who asks first gets the next block.</summary>
internal sealed class RowSplitter
{
    public const int BlockSize = 64;

    private readonly Lock _lock = new();
    private readonly DataViewRowCursor _source;
    private long _blocks;
    private int _open;
    private bool _ended;

    private RowSplitter(DataViewRowCursor source, int count)
    {
        _source = source;
        _open = count;
    }

    public DataViewSchema Schema => _source.Schema;

    public static DataViewRowCursor[] Split(DataViewRowCursor source, bool[] active, int count)
    {
        var splitter = new RowSplitter(source, count);
        var parts = new DataViewRowCursor[count];
        for (int i = 0; i < count; i++)
            parts[i] = new SplitCursor(splitter, RowBlock.Create(source, active), active);
        return parts;
    }

    /// <summary>Fills the block with the next rows and gives its number; the block is empty at the end.</summary>
    public long Fill(RowBlock block)
    {
        lock (_lock)
        {
            block.Clear();
            while (!_ended && block.Count < BlockSize)
            {
                _ended = !_source.MoveNext();
                if (!_ended)
                    block.Add();
            }

            return _blocks++;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (--_open > 0)
                return;
            _ended = true;
            _source.Dispose();
        }
    }
}
