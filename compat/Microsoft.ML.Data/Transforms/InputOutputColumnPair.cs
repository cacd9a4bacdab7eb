// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The names of a column that a transform writes and of the one that it reads.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        OutputColumnName = Marked.NotEmpty(outputColumnName, nameof(outputColumnName));
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    public string InputColumnName { get; }

    public string OutputColumnName { get; }

    internal static InputOutputColumnPair[] CheckAll(InputOutputColumnPair[] pairs)
    {
        if (Marked.NotNull(pairs, "columns").Length == 0 || pairs.Contains(null))
            throw Marked.Argument("columns", "columns must hold at least one pair and no null");
        return [.. pairs];
    }
}
