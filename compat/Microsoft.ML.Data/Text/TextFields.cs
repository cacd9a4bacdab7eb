// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The fields of one line: those that stand one after the other, and those given with their index.</summary>
internal sealed class TextFields
{
    public List<ReadOnlyMemory<char>> Dense { get; } = [];

    public List<(int Column, ReadOnlyMemory<char> Text)> Sparse { get; } = [];

    /// <summary>How many columns the line has, absent ones included.</summary>
    public int ColumnCount { get; set; }

    public void Clear()
    {
        Dense.Clear();
        Sparse.Clear();
        ColumnCount = 0;
    }

    /// <summary>The text of a column; false where the line has none.</summary>
    public bool TryGet(int column, out ReadOnlyMemory<char> text)
    {
        text = default;
        if (column < Dense.Count)
        {
            text = Dense[column];
            return true;
        }

        int index = Sparse.FindIndex(field => field.Column == column);
        if (index >= 0)
            text = Sparse[index].Text;
        return index >= 0;
    }
}
