// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says which column feeds which input of a network.</summary>
internal static class NetworkColumns
{
    /// <summary>Gives the column of every input that has one.</summary>
    /// <exception cref="ArgumentException">An input is named that is none, or one that needs a column has none.
    /// </exception>
    public static Dictionary<string, string> Of(EmbedOnnxOptions options, IReadOnlyList<DeclaredInput> inputs)
    {
        string names = GraphCut.Listed([.. inputs.Select(input => input.Name)]);
        if (inputs.Count == 0)
            throw new ArgumentException("The network must have an input for the tensor that is asked for. Got none.");
        if (options.Inputs.Count == 0) return Single(options, inputs, names);

        var columns = new Dictionary<string, string>();
        foreach (EmbedOnnxInput given in options.Inputs)
        {
            if (inputs.All(input => input.Name != given.InputName))
            {
                throw new ArgumentException(
                    "EmbedOnnxOptions.Inputs must name inputs of the network that lead to its output. "
                    + $"Got '{given.InputName}'. Its inputs are {names}.");
            }

            columns.Add(given.InputName, given.ColumnName);
        }

        return inputs.FirstOrDefault(input => !columns.ContainsKey(input.Name) && !IsOptional(input)) is not { } left
            ? columns
            : throw new ArgumentException(
                $"EmbedOnnxOptions.Inputs must name a column for every input of the network. Got none for "
                + $"'{left.Name}'. Its inputs are {names}.");
    }

    private static bool IsOptional(DeclaredInput input)
        => input.Name is NetworkInput.MaskName or NetworkInput.SegmentsName;

    private static Dictionary<string, string> Single(
        EmbedOnnxOptions options, IReadOnlyList<DeclaredInput> inputs, string names)
    {
        DeclaredInput[] needed = inputs.Count == 1 ? [inputs[0]] : [.. inputs.Where(input => !IsOptional(input))];
        return needed.Length == 1
            ? new Dictionary<string, string> { [needed[0].Name] = options.InputColumnName }
            : throw new ArgumentException(
                "EmbedOnnxOptions.Inputs must name a column for every input of a network of several. Got none. "
                + $"Its inputs are {names}.");
    }
}
