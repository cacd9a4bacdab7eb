// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of some rows of another, in their order; how many is only known after reading.</summary>
internal abstract class FilterView : IDataView
{
    protected FilterView(IHost host, IDataView source)
    {
        Host = host;
        Source = source;
    }

    public virtual bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => Source.Schema;

    protected IHost Host { get; }

    protected IDataView Source { get; }

    public virtual long? GetRowCount() => null;

    public abstract DataViewRowCursor GetRowCursor(
        IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
