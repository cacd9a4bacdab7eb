// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>An input of a network whose dimensions are known.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Dims">Dimensions of a row, without that of the batch; -1 is the number of tokens of a row.</param>
/// <param name="Kind">What feeds it.</param>
/// <param name="ColumnName">The column that feeds it; null where none does.</param>
internal sealed record NetworkInput(
    string Name, TensorElementType Type, IReadOnlyList<int> Dims, FeedKind Kind, string? ColumnName)
{
    /// <summary>Stands for the number of tokens of a row.</summary>
    public const int AnyLength = -1;

    public const string MaskName = "attention_mask";
    public const string SegmentsName = "token_type_ids";

    /// <summary>Whether rows may differ in length.</summary>
    public bool IsOfAnyLength => Dims.Contains(AnyLength);

    /// <summary>Numbers of a row.</summary>
    /// <param name="tokenCount">Tokens of the row, where rows may differ.</param>
    public int LengthOf(int tokenCount) => checked((int)Dims.Aggregate(
        1L, (length, dim) => checked(length * (dim == AnyLength ? tokenCount : dim))));

    /// <summary>Dimensions of several rows.</summary>
    /// <param name="rowCount">Number of rows; null for a network without a batch.</param>
    /// <param name="tokenCount">Tokens of each row, where rows may differ.</param>
    public long[] ShapeOf(int? rowCount, int tokenCount)
    {
        IEnumerable<long> dims = Dims.Select(dim => dim == AnyLength ? (long)tokenCount : dim);
        return rowCount is { } rows ? [rows, .. dims] : [.. dims];
    }
}
