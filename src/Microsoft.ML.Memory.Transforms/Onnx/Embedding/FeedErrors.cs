// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The errors of rows that a network cannot read.</summary>
internal static class FeedErrors
{
    public static InvalidOperationException Unfit<T>(
        NetworkInput input, DataViewSchema.Column column, string got, long row) => new(
        $"Column '{column.Name}' must hold {ElementCast.RangeOf<T>()} for input '{input.Name}' of the network, of type "
        + $"{input.Type}. Got {got} in row {row}.");

    public static InvalidOperationException NoImage(string column, long row, string got) => new(
        $"Column '{column}' must hold an image in every row. Got {got} in row {row}.");
}
