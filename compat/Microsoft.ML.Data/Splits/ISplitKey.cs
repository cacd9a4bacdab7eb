// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Gives each row a place in [0, 1), or NaN for a row that no split holds.</summary>
internal interface ISplitKey
{
    /// <summary>The column that the place is computed from; null where the row number decides.</summary>
    DataViewSchema.Column? Column { get; }

    /// <summary>A function that answers the place of the cursor's current row; called once per row.</summary>
    Func<double> Place(DataViewRowCursor cursor);
}
