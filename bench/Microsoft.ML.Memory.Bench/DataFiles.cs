// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Finds the real data sets, which are not part of the project.</summary>
internal static class DataFiles
{
    /// <summary>Gives the path of a file or folder of the data folder; null where it is not on this machine.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("MEMORY_ML_DATA") is { } named)
            return Existing(Path.Combine(named, name));
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            if (Existing(Path.Combine(up.FullName, "shared", "data", name)) is { } found) return found;
        }

        return null;
    }

    private static string? Existing(string path) => Path.Exists(path) ? path : null;
}
