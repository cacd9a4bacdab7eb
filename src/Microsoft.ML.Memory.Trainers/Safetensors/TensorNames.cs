// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Compares the tensors that are wanted with those that are stored; says all that is amiss.</summary>
internal static class TensorNames
{
    private const int Suggestions = 3;

    // Comparing names costs their lengths multiplied: a hostile file must not make a message take minutes.
    private const int MostExplained = 20;
    private const int MostCompared = 5_000;

    /// <summary>Gives the names nearest to a wanted one, nearest first; none that differ in a third.</summary>
    public static string[] Nearest(string wanted, IEnumerable<string> available)
    {
        int most = Math.Max(2, wanted.Length / 3);
        var near = new List<(int Distance, string Name)>();
        foreach (string name in available.Take(MostCompared))
        {
            if (Math.Abs(name.Length - wanted.Length) > most) continue;
            int distance = Distance(wanted, name, most);
            if (distance <= most) near.Add((distance, name));
        }

        return
        [
            .. near.OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal)
                .Take(Suggestions).Select(pair => pair.Name),
        ];
    }

    /// <summary>Makes the error for one tensor that is not there.</summary>
    public static InvalidDataException Missing(INamedTensors tensors, string name)
        => BadFile.Error(
            "The tensors", tensors.Source, $"hold {BadFile.Quote(name)}",
            $"{tensors.Tensors.Count} others{Hint(name, tensors.Tensors.Keys)}");

    /// <summary>Requires tensors of given shapes; the error lists all that are missing or of another shape.</summary>
    /// <param name="tensors">Where they must be stored.</param>
    /// <param name="wanted">Their names and shapes.</param>
    /// <exception cref="InvalidDataException">Some are missing or have another shape.</exception>
    public static void Require(INamedTensors tensors, IEnumerable<(string Name, long[] Shape)> wanted)
    {
        List<string> missing = [], wrong = [];
        foreach ((string name, long[] shape) in wanted)
        {
            if (!tensors.Tensors.TryGetValue(name, out TensorEntry? entry))
            {
                string hint = missing.Count < MostExplained ? Hint(name, tensors.Tensors.Keys) : "";
                missing.Add(BadFile.Quote(name) + hint);
            }
            else if (!entry.Shape.SequenceEqual(shape))
            {
                string got = ShapeText.Of(entry.Shape);
                wrong.Add($"{BadFile.Quote(name)} of {got} where {ShapeText.Of(shape)} is wanted");
            }
        }

        if (missing.Count + wrong.Count == 0) return;
        List<string> parts = [];
        if (missing.Count > 0) parts.Add($"{missing.Count} missing: {string.Join(", ", missing)}");
        if (wrong.Count > 0) parts.Add($"{wrong.Count} of another shape: {string.Join(", ", wrong)}");
        throw BadFile.Error(
            "The tensors", tensors.Source, "have the names and shapes of the model", string.Join("; ", parts));
    }

    /// <summary>Gives the names nearest to one as a question between brackets; empty where none is near.</summary>
    public static string Hint(string name, IEnumerable<string> available)
    {
        string[] near = Nearest(name, available);
        return near.Length == 0 ? "" : $" (did you mean {string.Join(" or ", near.Select(BadFile.Quote))}?)";
    }

    /// <summary>Counts the letters to insert, remove or replace; above <paramref name="most"/> inexactly.</summary>
    private static int Distance(string one, string other, int most)
    {
        int[] row = new int[other.Length + 1];
        for (int column = 0; column < row.Length; column++) row[column] = column;
        for (int index = 1; index <= one.Length; index++)
        {
            int diagonal = row[0];
            int least = row[0] = index;
            for (int column = 1; column < row.Length; column++)
            {
                int replaced = diagonal + (one[index - 1] == other[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, 1 + Math.Min(row[column], row[column - 1]));
                least = Math.Min(least, row[column]);
            }

            if (least > most) return least;
        }

        return row[^1];
    }
}
