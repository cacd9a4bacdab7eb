// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A view, or its first rows, with one column replaced by given vectors, in row order.</summary>
internal sealed class PermutedView : IDataView
{
    private readonly IDataView _source;
    private readonly int _column;
    private readonly VBuffer<float>[] _values;

    public PermutedView(IDataView source, DataViewSchema.Column column, VBuffer<float>[] values)
    {
        _source = source;
        _column = column.Index;
        _values = values;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _values.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), _column, _values);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly int _column;
        private readonly VBuffer<float>[] _values;

        public Cursor(DataViewRowCursor source, int column, VBuffer<float>[] values)
        {
            _source = source;
            _column = column;
            _values = values;
        }

        public override long Position => _source.Position;

        public override long Batch => _source.Batch;

        public override DataViewSchema Schema => _source.Schema;

        public override bool MoveNext() => _source.Position + 1 < _values.Length && _source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => _source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = _source.GetGetter<TValue>(column);
            return column.Index == _column
                ? (ValueGetter<TValue>)(Delegate)(ValueGetter<VBuffer<float>>)Value
                : getter;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _source.Dispose();
            base.Dispose(disposing);
        }

        private void Value(ref VBuffer<float> value) => _values[_source.Position].CopyTo(ref value);
    }
}
