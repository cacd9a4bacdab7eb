// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view whose place in [0, 1) is inside, or outside, a range.</summary>
internal sealed class SplitRowsView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ISplitKey _key;
    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _outside;

    public SplitRowsView(
        IHostEnvironment env, IDataView source, ISplitKey key, double lower, double upper, bool outside)
    {
        // The seed keeps this from drawing on the context's random stream: a split leaves no trace there.
        _host = env.Register("Split", seed: 0);
        _source = source;
        _key = key;
        _lower = lower;
        _upper = upper;
        _outside = outside;
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in source.Schema)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        DataViewRowCursor source = _source.GetRowCursor(
            _source.Schema.Where(c => active[c.Index] || c.Index == _key.Column?.Index));
        return new SplitRowsCursor(_host, this, source, active, _key.Place(source));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Whether a row with this place belongs here; a row without one belongs nowhere.</summary>
    public bool Holds(double place) =>
        !double.IsNaN(place) && (place >= _lower && place < _upper) != _outside;

    /// <summary>The source's column at the same index.</summary>
    public DataViewSchema.Column SourceOf(DataViewSchema.Column column) => _source.Schema[column.Index];
}
