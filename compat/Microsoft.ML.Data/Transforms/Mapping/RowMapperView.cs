// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A view with the columns that a row mapper adds, computed as rows are read.</summary>
internal sealed class RowMapperView : IDataView
{
    private readonly IDataView _source;
    private readonly RowMapper _mapper;

    public RowMapperView(IDataView source, RowMapper mapper)
    {
        _source = source;
        _mapper = mapper;
    }

    public DataViewSchema Schema => _mapper.Schema.Output;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = ColumnSet.Mark(Schema, columnsNeeded);
        DataViewRowCursor cursor = OpenLazy(active, rand);
        return AddsAny(active) ? new BufferedCursor(cursor, active) : cursor;
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = ColumnSet.Mark(Schema, columnsNeeded);
        bool[] needed = _mapper.Schema.GetNeededInputs(active, _mapper.Columns);
        DataViewRowCursor[] inputs = _source.GetRowCursorSet(ColumnSet.Pick(_source.Schema, needed), n, rand);
        if (inputs.Length == 1 && n > 1 && AddsAny(active))
            inputs = RowSplitter.Split(inputs[0], needed, n);
        return Array.ConvertAll(inputs, input => (DataViewRowCursor)new MappedCursor(_mapper, input, active));
    }

    // A chain of mapped views buffers its rows once, at the outer end.
    private MappedCursor OpenLazy(bool[] active, Random rand)
    {
        bool[] needed = _mapper.Schema.GetNeededInputs(active, _mapper.Columns);
        DataViewRowCursor input = _source is RowMapperView view
            ? view.OpenLazy(needed, rand)
            : _source.GetRowCursor(ColumnSet.Pick(_source.Schema, needed), rand);
        return new MappedCursor(_mapper, input, active);
    }

    private bool AddsAny(bool[] active)
    {
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i] && _mapper.Schema.IsAdded(i, out _))
                return true;
        }

        return false;
    }
}
