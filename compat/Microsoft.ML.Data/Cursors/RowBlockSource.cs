// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Deals the rows of a cursor out to several cursors, in blocks of 64 rows, each block a batch.</summary>
/// <remarks>Who has served its block takes the next one; the batch number tells the order.</remarks>
internal sealed class RowBlockSource
{
    private const int BlockSize = 64;

    private readonly Lock _lock = new();
    private readonly Queue<DataViewRowCursor> _sources;
    private readonly DataViewSchema _schema;
    private readonly ActiveColumns _active;
    private long _batch;
    private int _users;

    private RowBlockSource(DataViewRowCursor[] sources, ActiveColumns active, int users)
    {
        _schema = sources[0].Schema;
        _sources = new Queue<DataViewRowCursor>(sources);
        _active = active;
        _users = users;
    }

    public static DataViewRowCursor[] Split(
        IChannelProvider host, DataViewRowCursor[] sources, ActiveColumns active, int count)
    {
        RowBlockSource shared = new(sources, active, count);
        return [.. Enumerable.Range(0, count).Select(_ => new Cursor(host, shared))];
    }

    /// <summary>What a cursor that computes ahead throws in place of an exception from below.</summary>
    public static InvalidOperationException Wrap(Exception exception) =>
        HostErrors.Mark(null, new InvalidOperationException(
            "Splitter/consolidator worker encountered exception while consuming source data", exception));

    private int Fill(ColumnSlots[] columns, DataViewRowId[] ids, out long batch)
    {
        lock (_lock)
        {
            batch = _batch++;
            while (_sources.TryPeek(out DataViewRowCursor source))
            {
                int count = Fill(source, columns, ids);
                if (count > 0)
                    return count;
                _sources.Dequeue().Dispose();
            }
            return 0;
        }
    }

    private int Fill(DataViewRowCursor source, ColumnSlots[] columns, DataViewRowId[] ids)
    {
        try
        {
            foreach (DataViewSchema.Column column in _active.Of(_schema))
                columns[column.Index].Bind(source, column);
            ValueGetter<DataViewRowId> getId = source.GetIdGetter();
            int count = 0;
            for (; count < BlockSize && source.MoveNext(); count++)
            {
                getId(ref ids[count]);
                foreach (ColumnSlots slots in columns)
                    slots?.Fill(count);
            }
            return count;
        }
        catch (Exception exception)
        {
            throw Wrap(exception);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_users > 0)
                return;
            foreach (DataViewRowCursor source in _sources)
                source.Dispose();
        }
    }

    private sealed class Cursor : RootCursor
    {
        private readonly RowBlockSource _shared;
        private readonly ColumnSlots[] _columns;
        private readonly Delegate[] _getters;
        private readonly DataViewRowId[] _ids = new DataViewRowId[BlockSize];
        private long _batch;
        private int _slot;
        private int _count;

        public Cursor(IChannelProvider host, RowBlockSource shared)
            : base(host)
        {
            _shared = shared;
            _columns = new ColumnSlots[Schema.Count];
            _getters = new Delegate[Schema.Count];
            foreach (DataViewSchema.Column column in shared._active.Of(Schema))
            {
                _columns[column.Index] = ColumnSlots.Create(column.Type, BlockSize);
                _getters[column.Index] = _columns[column.Index].CreateGetter(GoodSlot);
            }
        }

        public override long Batch => _batch;

        public override DataViewSchema Schema => _shared._schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _shared._active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.Except();
            return _getters[column.Index].As<TValue>(Channel, column.Type);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[GoodSlot()];

        protected override bool MoveNextCore()
        {
            if (++_slot < _count)
                return true;
            _slot = 0;
            _count = _shared.Fill(_columns, _ids, out _batch);
            return _count > 0;
        }

        protected override void Dispose(bool disposing)
        {
            _shared.Release();
            base.Dispose(disposing);
        }

        private int GoodSlot()
        {
            CheckGood();
            return _slot;
        }
    }
}
