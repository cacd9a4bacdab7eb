// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A view without the rows that the user's predicate picks.</summary>
internal sealed class PredicateFilterView<TSrc> : IDataView
    where TSrc : class, new()
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly Func<TSrc, bool> _drops;
    private readonly RowWriter<TSrc> _writer;

    public PredicateFilterView(IHostEnvironment environment, IDataView source, Func<TSrc, bool> drops)
    {
        _host = environment.Register("CustomMappingFilter");
        _source = source;
        _drops = drops;
        _writer = new RowWriter<TSrc>(_host, source.Schema, ignoreMissingColumns: false, definition: null);
    }

    public DataViewSchema Schema => _source.Schema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        DataViewRowCursor source = _source.GetRowCursor(active.Of(Schema).Concat(_writer.Columns), rand);
        return new Cursor(this, source, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SourceCursor
    {
        private readonly ActiveColumns _active;
        private readonly Func<TSrc, bool> _drops;
        private readonly TSrc _row = new();
        private readonly Action<TSrc> _fill;

        public Cursor(PredicateFilterView<TSrc> view, DataViewRowCursor source, ActiveColumns active)
            : base(view._host, source)
        {
            _active = active;
            _drops = view._drops;
            _fill = view._writer.Bind(source);
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? base.GetGetter<TValue>(column) : throw Marked.WrongState();

        protected override bool MoveNextCore()
        {
            while (Source.MoveNext())
            {
                _fill(_row);
                if (!_drops(_row))
                    return true;
            }

            return false;
        }
    }
}
