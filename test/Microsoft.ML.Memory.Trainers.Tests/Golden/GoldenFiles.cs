// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Golden;

/// <summary>Finds the committed reference files: they lie in an ancestor of where the build lands.</summary>
internal static class GoldenFiles
{
    private const string Folder = "test/Microsoft.ML.Memory.Trainers.Tests/Golden";

    public static string PathOf(string name)
    {
        for (DirectoryInfo? root = new(AppContext.BaseDirectory); root is not null; root = root.Parent)
        {
            string path = Path.Combine(root.FullName, Folder, name);
            if (Path.Exists(path)) return path;
        }

        throw new FileNotFoundException($"{Folder}/{name} must lie in an ancestor of the test's folder. Got none.");
    }
}
