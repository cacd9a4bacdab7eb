// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a text source, parsed as they are read, active columns only.</summary>
internal sealed class TextView : IDataView
{
    private readonly IHost _host;
    private readonly TextColumn[] _columns;
    private readonly TextLoader.Options _options;
    private readonly IMultiStreamSource _source;

    public TextView(
        IHost host,
        DataViewSchema schema,
        TextColumn[] columns,
        TextLoader.Options options,
        IMultiStreamSource source)
    {
        _host = host;
        Schema = schema;
        _columns = columns;
        _options = options;
        _source = source;
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, new ActiveColumns(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        return RowBlockSource.Split(_host, [new Cursor(this, active)], active, Math.Max(1, n));
    }

    private sealed class Cursor : RootCursor
    {
        private readonly TextView _view;
        private readonly ActiveColumns _active;
        private readonly TextLines _lines;
        private readonly LineSplitter _splitter;
        private readonly TextFields _fields = new();
        private readonly TextColumnReader[] _readers;

        public Cursor(TextView view, ActiveColumns active)
            : base(view._host)
        {
            _view = view;
            _active = active;
            _lines = new TextLines(view._options, view._source);
            _splitter = new LineSplitter(view._options);
            _readers = new TextColumnReader[view._columns.Length];
            for (int i = 0; i < _readers.Length; i++)
            {
                if (active[i])
                    _readers[i] = TextColumnReader.Create(view._columns[i], view._options, CheckOnRow);
            }
        }

        public override long Batch => -1;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.Except();
            return _readers[column.Index].Getter.As<TValue>(Channel, column.Type, "Invalid TValue in GetGetter");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckGood();
            value = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_lines.MoveNext())
                return false;
            _splitter.Split(_lines.Current, _lines.LineNumber, _fields);
            foreach (TextColumnReader reader in _readers)
                reader?.Read(_fields, _lines.LineNumber);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _lines.Dispose();
            base.Dispose(disposing);
        }

        private void CheckOnRow()
        {
            if (!IsGood)
                throw Marked.WrongState();
        }
    }
}
