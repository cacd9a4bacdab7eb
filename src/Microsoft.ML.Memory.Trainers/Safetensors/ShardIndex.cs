// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Reads the list that says in which file of a folder each tensor lies.</summary>
internal static class ShardIndex
{
    private const string Map = "weight_map";

    // The largest public models have some 100 000 tensors, of 100 bytes each in the index.
    private const int LongestFile = 1 << 25;

    /// <summary>Gives the file of each tensor, and refuses a file that is not right in the folder.</summary>
    public static Dictionary<string, string> Read(string path)
    {
        using JsonFields index = JsonFields.Open(path, LongestFile);
        JsonElement map = index.Object(Map) ?? throw index.Error(Map, "be an object of file names", "none");
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string name = index.Text(() => entry.Name);
            string subject = $"{Map} at {BadFile.Quote(name)}";
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw index.Error(subject, "be a file name", JsonFields.Shown(entry.Value));
            string file = index.Text(() => entry.Value.GetString()!);
            if (!IsPlainName(file))
                throw index.Error(subject, "be a plain name of a .safetensors file", BadFile.Quote(file));
            shards.Add(name, file);
        }

        return shards.Count > 0 ? shards : throw index.Error(Map, "name at least one tensor", "none");
    }

    // The rules of every system, whatever the one this runs on: an index must not depend on it.
    private static bool IsPlainName(string file)
        => file.EndsWith(".safetensors", StringComparison.Ordinal)
            && file.Length is > 12 and <= 255
            && file[0] != '.'
            && !file.AsSpan().ContainsAny("/\\:*?\"<>|")
            && !file.Any(char.IsControl);
}
