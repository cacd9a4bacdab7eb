// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Feeds a column whose rows hold the numbers of the tensor.</summary>
internal sealed class TensorFeed<T>(
    NetworkInput input, NetworkBatch batch, DataViewRow row, DataViewSchema.Column column)
    : RowFeed<T>(input, batch)
    where T : unmanaged
{
    private readonly ColumnNumbers _numbers = ColumnNumbers.Of(row, column);

    public override void Read(int slot)
    {
        int length = _numbers.Read();
        if (length != RowLength)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' must hold {RowLength} values in every row. Got {length} in row "
                + $"{row.Position}.");
        }

        int wrong = _numbers.CopyTo(Rows.AsSpan(slot * length, length));
        if (wrong >= 0) throw FeedErrors.Unfit<T>(Input, column, _numbers.Shown(wrong), row.Position);
    }
}
