// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of all rows of another in random order: each row drawn from a pool of the next ones.</summary>
/// <remarks>One view always gives one order. The orders are not those of the real host for the same seed.</remarks>
internal sealed class ShuffleView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int _seed;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;

    public ShuffleView(
        IHostEnvironment environment, IDataView source, int? seed, int poolSize, bool shuffleSource)
    {
        _host = environment.Register("Shuffle", seed);
        _seed = _host.Rand.Next();
        _source = source;
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        rand ??= new Random(_seed);
        Random sourceRand = _shuffleSource && _source.CanShuffle ? new Random(rand.Next()) : null;
        return new Cursor(_host, _source.GetRowCursor(active.Of(Schema), sourceRand), active, _poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly ActiveColumns _active;
        private readonly Random _rand;
        private readonly ColumnSlots[] _columns;
        private readonly Delegate[] _getters;
        private readonly DataViewRowId[] _ids;
        private readonly ValueGetter<DataViewRowId> _sourceId;
        private readonly int[] _slots;
        private int _filled;
        private int _drawn = -1;
        private int _current;

        public Cursor(IHost host, DataViewRowCursor source, ActiveColumns active, int poolSize, Random rand)
            : base(host)
        {
            _source = source;
            _active = active;
            _rand = rand;
            _ids = new DataViewRowId[poolSize];
            _sourceId = source.GetIdGetter();
            _slots = new int[poolSize];
            _columns = new ColumnSlots[Schema.Count];
            _getters = new Delegate[Schema.Count];
            foreach (DataViewSchema.Column column in active.Of(Schema))
            {
                ColumnSlots slots = ColumnSlots.Create(column.Type, poolSize);
                slots.Bind(source, column);
                _columns[column.Index] = slots;
                _getters[column.Index] = slots.CreateGetter(() => _current);
            }
        }

        public override DataViewSchema Schema => _source.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.ExceptInactive();
            return _getters[column.Index].As<TValue>(Channel, column.Type);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[_current];

        protected override bool MoveNextCore()
        {
            if (_drawn < 0)
            {
                while (_filled < _slots.Length && Fill(_filled))
                    _slots[_filled] = _filled++;
            }
            else if (!Fill(_slots[_drawn]))
            {
                _slots[_drawn] = _slots[--_filled];
            }
            if (_filled == 0)
                return false;
            _drawn = _rand.Next(_filled);
            _current = _slots[_drawn];
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _source.Dispose();
            base.Dispose(disposing);
        }

        private bool Fill(int slot)
        {
            if (!_source.MoveNext())
                return false;
            _sourceId(ref _ids[slot]);
            foreach (ColumnSlots column in _columns)
                column?.Fill(slot);
            return true;
        }
    }
}
