// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>A view with scores, computed as it is read.</summary>
internal sealed class CentroidView(CentroidMapper mapper, IDataView input) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return new CentroidCursor(mapper, input.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. input.GetRowCursorSet(mapper.GetDependencies(columns), n, rand)
            .Select(c => new CentroidCursor(mapper, c, columns))];
    }
}
