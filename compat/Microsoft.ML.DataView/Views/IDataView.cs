// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML;

/// <summary>A table that is read through cursors; nothing is computed before a cursor asks for it.</summary>
public interface IDataView
{
    bool CanShuffle { get; }

    DataViewSchema Schema { get; }

    long? GetRowCount();

    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}

/// <summary>Writes the value of a column in the current row into the caller's variable.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
