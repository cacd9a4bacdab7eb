// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Some rows of a view, held in memory with all their columns; they can be read as often as wanted.</summary>
internal sealed class HeldRows : IDataView
{
    private readonly ColumnBuffer[] _columns;
    private readonly RowBuffer _rows;
    private int _count;

    private HeldRows(DataViewRowCursor source, int capacity)
    {
        Schema = source.Schema;
        _columns = [.. Schema.Select(column => ColumnBuffer.Create(source, column))];
        _rows = new RowBuffer(source);
        _rows.Reserve(capacity);
        foreach (ColumnBuffer column in _columns) column.Reserve(capacity);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public int Count => _count;

    /// <summary>Reads a view as blocks of rows, once and in order; a view without rows gives none.</summary>
    public static IEnumerable<HeldRows> BlocksOf(IDataView view, int blockSize)
    {
        using DataViewRowCursor source = view.GetRowCursor(view.Schema);
        while (true)
        {
            var block = new HeldRows(source, blockSize);
            while (block._count < blockSize && source.MoveNext()) block.Read();
            if (block._count > 0) yield return block;
            if (block._count < blockSize) yield break;
        }
    }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded) active[column.Index] = true;
        return new Cursor(this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private void Read()
    {
        _rows.Read(_count);
        foreach (ColumnBuffer column in _columns) column.Read(_count);
        _count++;
    }

    private sealed class Cursor(HeldRows rows, bool[] active) : DataViewRowCursor
    {
        private int _slot = -1;

        public override long Position => _slot < rows._count ? _slot : -1;

        public override long Batch => 0;

        public override DataViewSchema Schema => rows.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
            => column.Index < active.Length && active[column.Index];

        public override bool MoveNext()
        {
            if (_slot < rows._count) _slot++;
            return _slot < rows._count;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowColumns.CheckActive(this, column);
            return RowColumns.Typed<TValue>(rows._columns[column.Index].CreateGetter(CurrentSlot), column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows._rows.CreateIdGetter(CurrentSlot);

        protected override void Dispose(bool disposing)
        {
            _slot = rows._count;
            base.Dispose(disposing);
        }

        private int CurrentSlot() => _slot >= 0 && _slot < rows._count
            ? _slot
            : throw new InvalidOperationException(
                "The cursor must stand on a row before a value is read. Got none. Call MoveNext first.");
    }
}
