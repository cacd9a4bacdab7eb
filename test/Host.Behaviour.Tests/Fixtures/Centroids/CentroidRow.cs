// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>One row with its scores.</summary>
internal sealed class CentroidRow(
    CentroidMapper mapper, DataViewRow input, IEnumerable<DataViewSchema.Column> columns) : DataViewRow
{
    private readonly HashSet<int> _active = [.. columns.Select(c => c.Index)];

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        mapper.Getter<TValue>(input, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();
}
