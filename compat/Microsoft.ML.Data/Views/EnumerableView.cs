// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of a sequence of objects, enumerated anew by each cursor.</summary>
internal sealed class EnumerableView<TRow> : IDataView
    where TRow : class
{
    private readonly IHostEnvironment _environment;
    private readonly IEnumerable<TRow> _rows;
    private readonly RowBinding _binding;

    public EnumerableView(IHostEnvironment environment, IEnumerable<TRow> rows, RowBinding binding)
    {
        _environment = environment;
        _rows = rows;
        _binding = binding;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _binding.Schema;

    public long? GetRowCount() => _rows switch
    {
        ICollection<TRow> collection => collection.Count,
        IReadOnlyCollection<TRow> collection => collection.Count,
        _ => null,
    };

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, new ActiveColumns(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly EnumerableView<TRow> _view;
        private readonly ActiveColumns _active;
        private readonly IEnumerator<TRow> _enumerator;
        private readonly Delegate[] _getters;
        private TRow _current;

        public Cursor(EnumerableView<TRow> view, ActiveColumns active)
            : base(view._environment.Register("StreamingDataView", seed: 0))
        {
            _view = view;
            _active = active;
            _enumerator = view._rows.GetEnumerator();
            _getters = new Delegate[view.Schema.Count];
            for (int i = 0; i < _getters.Length; i++)
                _getters[i] = active[i] ? MemberGetters.Create(view._binding.Columns[i], () => _current) : null;
        }

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw _view._environment.ExceptInactive();
            return _getters[column.Index].As<TValue>(
                _view._environment, column.Type, $"Invalid TValue in GetGetter for column #{column}");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_enumerator.MoveNext())
                return false;
            _current = _enumerator.Current
                ?? throw Channel.Except("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _current = null;
            _enumerator.Dispose();
            base.Dispose(disposing);
        }
    }
}
