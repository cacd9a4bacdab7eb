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
    private readonly BlockScorer? _scorer;
    private readonly ColumnBuffer?[] _passed;
    private readonly RowBuffer _rows;
    private int _blockRows;
    private int _count;
    private int _slot = -1;
    private bool _inputEnded;
    private bool _done;
    private ExceptionDispatchInfo? _failure;

    public BlockCursor(DataViewRowCursor input, BlockSchema schema, bool[] active, int threadCount)
    {
        _input = input;
        _schema = schema;
        _active = active;
        _rows = new RowBuffer(input);
        _passed = new ColumnBuffer?[schema.Mapping.InputSchema.Count];
        for (int column = 0; column < _passed.Length; column++)
        {
            if (active[column]) _passed[column] = ColumnBuffer.Create(input, schema.Mapping.InputSchema[column]);
        }

        if (active.AsSpan(_passed.Length).Contains(true)) _scorer = schema.Mapping.CreateScorer(input, threadCount);
        _blockRows = AtMost(FirstBlockRows);
    }

    public override long Position => _slot < 0 || _done ? -1 : _rows.PositionOf(_slot);

    public override long Batch => _slot < 0 || _done ? 0 : _rows.BatchOf(_slot);

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
        _scorer?.Finish();
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowColumns.CheckActive(this, column);
        Delegate getter = _schema.IsOutput(column.Index, out int output)
            ? _scorer!.CreateGetter(output, CurrentSlot)
            : _passed[column.Index]!.CreateGetter(CurrentSlot);
        return RowColumns.Typed<TValue>(getter, column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.CreateIdGetter(CurrentSlot);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_done) _done = true;
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }

    private int CurrentSlot() => _slot >= 0 && !_done
        ? _slot
        : throw new InvalidOperationException(
            "The cursor must stand on a row before a value is read. Got none. Call MoveNext first.");

    private bool TryFillBlock()
    {
        try
        {
            _failure?.Throw();
            return FillBlock();
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
        if (_inputEnded) return false;
        Reserve(_blockRows);
        _count = 0;
        while (_count < _blockRows)
        {
            if (!_input.MoveNext())
            {
                _inputEnded = true;
                break;
            }

            _rows.Read(_count);
            foreach (ColumnBuffer? column in _passed) column?.Read(_count);
            _scorer?.Read(_count);
            _count++;
        }

        if (_count == 0) return false;
        _scorer?.Score(_count);
        _blockRows = AtMost(_blockRows * 4);
        return true;
    }

    private int AtMost(int rows)
    {
        IBlockMapping mapping = _schema.Mapping;
        int most = Math.Min(Math.Min(rows, mapping.MaxBlockRows), _scorer?.MaxBlockRows ?? int.MaxValue);
        return (most + mapping.RowMultiple - 1) / mapping.RowMultiple * mapping.RowMultiple;
    }

    private void Reserve(int rows)
    {
        _rows.Reserve(rows);
        foreach (ColumnBuffer? column in _passed) column?.Reserve(rows);
        _scorer?.Reserve(rows);
    }
}
