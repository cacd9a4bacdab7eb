// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.RealData;

/// <summary>Finds files of the folder shared, data and golden tables, that a checkout need not have.</summary>
internal static class SharedFolder
{
    /// <summary>
    /// Gives the path of a file, from the folder that holds data and golden; skips the test where it is absent.
    /// </summary>
    public static string PathOf(string file)
    {
        string? folder = Path.GetDirectoryName(Environment.GetEnvironmentVariable("MEMORY_ML_DATA")?.TrimEnd('/'));
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); folder is null && up is not null; up = up.Parent)
        {
            string candidate = Path.Combine(up.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data"))) folder = candidate;
        }

        string path = Path.Combine(folder ?? "", file);
        if (!File.Exists(path))
            Assert.Inconclusive($"'{file}' is not here. Set MEMORY_ML_DATA to the data folder beside golden.");
        return path;
    }
}
