// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.RowMapping;

/// <summary>Walks over the rows of the input and computes the added columns of each when they are read.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, ColumnMapping mapping, bool[] isActive) : DataViewRowCursor
{
    private readonly MappedColumns _columns = new(input, mapping, isActive);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapping.OutputSchema;

    public override bool MoveNext()
    {
        if (!input.MoveNext())
            return false;
        _columns.Compute();
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _columns.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _columns.Dispose();
        base.Dispose(disposing);
    }
}
