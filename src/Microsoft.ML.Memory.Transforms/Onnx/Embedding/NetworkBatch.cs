// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many rows a network takes together.</summary>
/// <param name="HasDimension">Whether the first dimension of inputs and outputs counts rows.</param>
/// <param name="Size">How many it must be; null where any number may be.</param>
internal readonly record struct NetworkBatch(bool HasDimension, int? Size)
{
    /// <summary>Rows that run together.</summary>
    public int RowsOf(int batchSize) => Size ?? batchSize;

    /// <summary>Rows of a block: whole runs, about as many rows as are wanted.</summary>
    public int BlockOf(int batchSize) => Size is { } size ? Math.Max(1, batchSize / size) * size : batchSize;
}
