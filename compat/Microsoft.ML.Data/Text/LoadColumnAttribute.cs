// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Says which columns of a text file a member is read from, counted from 0.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute : Attribute
{
    public LoadColumnAttribute(int fieldIndex)
    {
        Ranges = [(fieldIndex, fieldIndex)];
    }

    public LoadColumnAttribute(int start, int end)
    {
        Ranges = [(start, end)];
    }

    public LoadColumnAttribute(int[] columnIndexes)
    {
        Ranges = Array.ConvertAll(Marked.NotNull(columnIndexes, nameof(columnIndexes)), index => (index, index));
    }

    /// <summary>First and last column of each range.</summary>
    internal IReadOnlyList<(int First, int Last)> Ranges { get; }
}
