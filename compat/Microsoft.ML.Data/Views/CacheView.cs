// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view that keeps the columns it was asked for in memory; each is read from the source once.</summary>
internal sealed class CacheView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _prefetch;
    private readonly Lock _lock = new();
    private readonly CachedColumn[] _columns;
    private long? _rowCount;

    private CacheView(IHostEnvironment environment, IDataView source, DataViewSchema.Column[] prefetch)
    {
        _host = environment.Register("Cache", seed: 0);
        _source = source;
        _prefetch = prefetch;
        _columns = new CachedColumn[source.Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount ?? _source.GetRowCount();

    public static CacheView Create(IHostEnvironment environment, IDataView source, DataViewSchema.Column[] prefetch)
    {
        IDataView kept = StandardColumns.Of(source);
        return new CacheView(environment, kept, [.. prefetch.Select(column => kept.Schema[column.Name])]);
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        ActiveColumns active = Fill(columnsNeeded);
        return new Cursor(this, active, new RowOrder(_rowCount.Value, rand, blockSize: long.MaxValue));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        if (n <= 1)
            return [GetRowCursor(columnsNeeded, rand)];
        ActiveColumns active = Fill(columnsNeeded);
        RowOrder shared = new(_rowCount.Value, rand, blockSize: 64);
        return [.. Enumerable.Range(0, n).Select(_ => new Cursor(this, active, shared))];
    }

    private ActiveColumns Fill(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        lock (_lock)
        {
            IEnumerable<DataViewSchema.Column> wanted = active.Of(Schema).Concat(_prefetch);
            DataViewSchema.Column[] missing = [.. wanted.Where(column => _columns[column.Index] is null).Distinct()];
            if (missing.Length > 0 || _rowCount is null)
                Read(missing);
        }
        return active;
    }

    private void Read(DataViewSchema.Column[] missing)
    {
        using DataViewRowCursor cursor = _source.GetRowCursor(missing);
        CachedColumn[] filling = [.. missing.Select(column => CachedColumn.Create(column, cursor))];
        long count = 0;
        for (; cursor.MoveNext(); count++)
        {
            foreach (CachedColumn column in filling)
                column.Add();
        }
        _rowCount = count;
        for (int i = 0; i < missing.Length; i++)
            _columns[missing[i].Index] = filling[i];
    }

    /// <summary>Hands out row indices in blocks, in their order or shuffled.</summary>
    private sealed class RowOrder
    {
        private readonly int[] _shuffled;
        private readonly long _rowCount;
        private readonly long _blockSize;
        private long _nextBlock;

        public RowOrder(long rowCount, Random rand, long blockSize)
        {
            _rowCount = rowCount;
            _blockSize = blockSize;
            if (rand is null)
                return;
            _shuffled = [.. Enumerable.Range(0, checked((int)rowCount))];
            rand.Shuffle(_shuffled);
        }

        public long this[long place] => _shuffled is null ? place : _shuffled[place];

        public bool TakeBlock(out long batch, out long start, out long end)
        {
            batch = Interlocked.Increment(ref _nextBlock) - 1;
            start = batch == 0 ? 0 : batch <= _rowCount / _blockSize ? batch * _blockSize : _rowCount;
            end = Math.Min(_rowCount - start, _blockSize) + start;
            return start < end;
        }
    }

    private sealed class Cursor : RootCursor
    {
        private readonly CacheView _view;
        private readonly ActiveColumns _active;
        private readonly RowOrder _order;
        private readonly Delegate[] _getters;
        private long _batch;
        private long _place = -1;
        private long _end;

        public Cursor(CacheView view, ActiveColumns active, RowOrder order)
            : base(view._host)
        {
            _view = view;
            _active = active;
            _order = order;
            _getters = new Delegate[view._columns.Length];
            foreach (DataViewSchema.Column column in active.Of(Schema))
                _getters[column.Index] = view._columns[column.Index].CreateGetter(CurrentRow);
        }

        public override long Batch => _batch;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.ExceptInactive();
            return _getters[column.Index].As<TValue>(Channel, column.Type);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            if (!IsGood)
                throw HostErrors.Mark(null, new InvalidOperationException("Cannot call ID getter in current state"));
            id = new DataViewRowId((ulong)_order[_place], 0);
        };

        protected override bool MoveNextCore()
        {
            if (++_place < _end)
                return true;
            return _order.TakeBlock(out _batch, out _place, out _end);
        }

        private int CurrentRow()
        {
            CheckGood();
            return (int)_order[_place];
        }
    }
}
