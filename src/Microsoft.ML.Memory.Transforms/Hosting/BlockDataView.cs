// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>A lazy view that adds a mapping's columns to a source view, computing them block by block.</summary>
internal sealed class BlockDataView(IDataView source, IBlockMapping mapping) : IDataView
{
    private readonly BlockSchema _schema = new(mapping);

    public bool CanShuffle => source.CanShuffle && !mapping.IsOrdered;

    public DataViewSchema Schema => _schema.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        List<DataViewSchema.Column> inputs = _schema.InputsFor(columnsNeeded, active);
        DataViewRowCursor input = source.GetRowCursor(inputs, mapping.IsOrdered ? null : rand);
        return new BlockCursor(input, _schema, active, Environment.ProcessorCount);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        if (mapping.IsOrdered) return [GetRowCursor(columnsNeeded, rand)];

        var active = new bool[Schema.Count];
        List<DataViewSchema.Column> inputs = _schema.InputsFor(columnsNeeded, active);
        DataViewRowCursor[] cursors = source.GetRowCursorSet(inputs, n, rand);

        // The cursors are read side by side, so they share the processors.
        int threads = Math.Max(1, Environment.ProcessorCount / cursors.Length);
        return Array.ConvertAll(
            cursors, DataViewRowCursor (cursor) => new BlockCursor(cursor, _schema, active, threads));
    }
}
