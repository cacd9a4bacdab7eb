// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests;

/// <summary>Finds the folder with the real data sets, which a checkout need not have.</summary>
internal static class RealData
{
    /// <summary>Gives the path of a file below the data folder; skips the test where there is none.</summary>
    public static string Path(params string[] parts)
    {
        string? folder = Environment.GetEnvironmentVariable("MEMORY_ML_DATA");
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); folder is null && up is not null; up = up.Parent)
        {
            string candidate = System.IO.Path.Combine(up.FullName, "shared", "data");
            if (Directory.Exists(candidate)) folder = candidate;
        }

        string path = System.IO.Path.Combine([folder ?? "", .. parts]);
        if (!File.Exists(path))
        {
            Assert.Inconclusive(
                $"The real data file '{string.Join('/', parts)}' is not here. "
                + "Set MEMORY_ML_DATA to the folder that has it.");
        }

        return path;
    }
}
