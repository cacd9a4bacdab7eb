// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view whose rows are those of another with some columns added, computed when asked for.</summary>
internal sealed class MappedView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly RowMapperBinding _binding;

    public MappedView(IHost host, IDataView source, RowMapperBinding binding)
    {
        _host = host;
        _source = source;
        _binding = binding;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _binding.OutputSchema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        return new ConsolidatedCursor(_host, OpenRaw(active, rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        if (n <= 1)
            return [OpenRaw(active, rand)];
        ActiveColumns needed = _binding.NeededInputs(active);
        DataViewRowCursor[] sources = _source.GetRowCursorSet(needed.Of(_source.Schema), n, rand);
        if (sources.Length < n)
            sources = RowBlockSource.Split(_host, sources, needed, n);
        return [.. sources.Select(source => new Cursor(_host, source, _binding, active))];
    }

    // One consolidated cursor, at the end of a chain of mapped views, is enough.
    private DataViewRowCursor OpenRaw(ActiveColumns active, Random rand)
    {
        ActiveColumns needed = _binding.NeededInputs(active);
        DataViewRowCursor source = _source is MappedView mapped
            ? mapped.OpenRaw(needed, rand)
            : _source.GetRowCursor(needed.Of(_source.Schema), rand);
        return new Cursor(_host, source, _binding, active);
    }

    private sealed class Cursor : SourceCursor
    {
        private readonly MappedGetters _getters;

        public Cursor(IHost host, DataViewRowCursor source, RowMapperBinding binding, ActiveColumns active)
            : base(host, source) => _getters = binding.Bind(Channel, source, active);

        public override DataViewSchema Schema => _getters.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _getters.Get<TValue>(column);

        protected override bool MoveNextCore() => Source.MoveNext();
    }
}
