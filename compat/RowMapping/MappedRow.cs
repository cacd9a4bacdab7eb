// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.RowMapping;

/// <summary>An input row with the added columns.</summary>
internal sealed class MappedRow(DataViewRow input, ColumnMapping mapping, bool[] isActive) : DataViewRow
{
    private readonly MappedColumns _columns = new(input, mapping, isActive);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapping.OutputSchema;

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
