// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Reads values that are to follow those of a stored column.</summary>
internal abstract class ColumnAppender
{
    /// <summary>Gives an action that reads the value of the row that the input stands on.</summary>
    public abstract Action ReaderOf(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Reads a value that <see cref="StoredColumn.Write"/> has written.</summary>
    public abstract void Read(BinaryReader reader);

    /// <summary>Gives the column with the former and the read values.</summary>
    public abstract StoredColumn Finish();
}
