// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over some rows of another: it numbers them anew and keeps their ids and batches.</summary>
internal abstract class SourceCursor : RootCursor
{
    protected SourceCursor(IChannelProvider channels, DataViewRowCursor source)
        : base(channels) => Source = source;

    public override long Batch => Source.Batch;

    public override DataViewSchema Schema => Source.Schema;

    protected DataViewRowCursor Source { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => Source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Source.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        Source.Dispose();
        base.Dispose(disposing);
    }
}
