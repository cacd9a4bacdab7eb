// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>Rows with their scores, one after the other.</summary>
internal sealed class CentroidCursor(
    CentroidMapper mapper, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columns) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. columns.Select(c => c.Index)];

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override bool MoveNext() => input.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        mapper.Getter<TValue>(input, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
