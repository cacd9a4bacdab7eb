// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>
/// Reads ahead a block of input rows, computes the added columns of all of them at once, then serves row by row.
/// </summary>
/// <remarks>
/// The input moves on while its rows wait here, so every passed-through column that is active is copied into the block.
/// Blocks start small, for readers who want only the first rows, and grow to the mapping's size. A row that cannot be
/// read fails its whole block, and every later call of <see cref="MoveNext"/>: nothing behind it is skipped to.
/// </remarks>
internal sealed class BlockCursor : DataViewRowCursor
{
    private const int FirstBlockRows = 64;

    private readonly DataViewRowCursor _input;
    private readonly BlockSchema _schema;
    private readonly bool[] _active;
    private readonly RowBlock[] _blocks;
    private int _current;
    private int _blockRows;
    private int _count;
    private int _slot = -1;
    private bool _hasBegun;
    private bool _done;
    private ExceptionDispatchInfo? _failure;

    public BlockCursor(DataViewRowCursor input, BlockSchema schema, bool[] active, int threadCount)
    {
        _input = input;
        _schema = schema;
        _active = active;
        _blocks = new RowBlock[schema.Mapping.ReadsAhead ? 2 : 1];
        for (int block = 0; block < _blocks.Length; block++)
            _blocks[block] = new RowBlock(input, schema, active, threadCount);
        _blockRows = Whole(Math.Min(FirstBlockRows, schema.Mapping.MaxBlockRows));
    }

    public override long Position => _slot < 0 || _done ? -1 : Current.PositionOf(_slot);

    public override long Batch => _slot < 0 || _done ? 0 : Current.BatchOf(_slot);

    public override DataViewSchema Schema => _schema.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column)
        => column.Index < _active.Length && _active[column.Index];

    public override bool MoveNext()
    {
        if (_done) return false;
        if (++_slot < _count) return true;
        if (TryFillBlock())
        {
            _slot = 0;
            return true;
        }

        _done = true;
        foreach (RowBlock block in _blocks) block.Finish();
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowColumns.CheckActive(this, column);
        bool isOutput = _schema.IsOutput(column.Index, out int output);
        ValueGetter<TValue>[] getters = Array.ConvertAll(_blocks, block => RowColumns.Typed<TValue>(
            isOutput ? block.CreateOutputGetter(output, CurrentSlot) : block.CreateGetter(column.Index, CurrentSlot),
            column));
        return getters.Length == 1 ? getters[0] : (ref TValue value) => getters[_current](ref value);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        ValueGetter<DataViewRowId>[] getters = Array.ConvertAll(_blocks, block => block.CreateIdGetter(CurrentSlot));
        return getters.Length == 1 ? getters[0] : (ref DataViewRowId value) => getters[_current](ref value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_done) _done = true;
        if (disposing)
        {
            foreach (RowBlock block in _blocks) block.WaitForEnd();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private RowBlock Current => _blocks[_current];

    private int CurrentSlot() => _slot >= 0 && !_done
        ? _slot
        : throw new InvalidOperationException(
            "The cursor must stand on a row before a value is read. Got none. Call MoveNext first.");

    private bool TryFillBlock()
    {
        try
        {
            _failure?.Throw();
            return _blocks.Length == 1 ? FillBlock() : TakeBlock();
        }
        catch (Exception error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(error);
            (_count, _slot) = (0, -1);
            throw;
        }
    }

    private bool FillBlock()
    {
        if (Current.IsLast) return false;
        Current.Read(NextRows());
        Current.Score();
        return (_count = Current.Count) > 0;
    }

    /// <summary>Takes the block that is computed, and reads the one behind it while that goes on.</summary>
    private bool TakeBlock()
    {
        int due = _hasBegun ? 1 - _current : 0;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _blocks[due].ReadAhead(NextRows());
            _blocks[due].StartScoring();
        }
        else if (Current.IsLast) return false;

        RowBlock block = _blocks[due], next = _blocks[1 - due];
        if (!block.HasEnded) next.ReadAhead(NextRows());
        block.Require();
        if (!block.HasEnded) next.StartScoring();
        _current = due;
        return (_count = block.Count) > 0;
    }

    private int NextRows()
    {
        int rows = _blockRows;
        _blockRows = Whole(Math.Min(_blockRows * 4, _schema.Mapping.MaxBlockRows));
        return rows;
    }

    private int Whole(int rows)
        => (rows + _schema.Mapping.RowMultiple - 1) / _schema.Mapping.RowMultiple * _schema.Mapping.RowMultiple;
}
