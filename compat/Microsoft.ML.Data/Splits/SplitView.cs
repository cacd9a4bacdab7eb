// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view whose place in [0, 1) is inside, or outside, a range.</summary>
internal sealed class SplitView : IDataView
{
    private readonly IDataView _source;
    private readonly ISplitKey _key;
    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _outside;

    public SplitView(IDataView source, ISplitKey key, double lower, double upper, bool outside)
    {
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
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            active[column.Index] = true;
        }
        IEnumerable<DataViewSchema.Column> needed = _source.Schema.Where(c => active[c.Index]);
        if (_key.Column is { } keyColumn)
            needed = needed.Where(c => c.Index != keyColumn.Index).Append(keyColumn);
        DataViewRowCursor cursor = _source.GetRowCursor([.. needed]);
        return new SplitCursor(this, cursor, active, _key.Place(cursor));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Whether a row with this place belongs here; a row without one belongs nowhere.</summary>
    public bool Holds(double place) =>
        !double.IsNaN(place) && (place >= _lower && place < _upper) != _outside;

    /// <summary>The source's column at the same index.</summary>
    public DataViewSchema.Column SourceOf(DataViewSchema.Column column) => _source.Schema[column.Index];
}
