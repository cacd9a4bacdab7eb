// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>The folders of this repository.</summary>
internal static class Tree
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Tests => Path.Combine(Root, "test", "Inspector.Tests");

    public static string Page => Path.Combine(Root, "examples", "Serve", "Inspector");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Memory.ML.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException(
            $"The tests must run from a folder below the repository. Got {AppContext.BaseDirectory}.");
    }
}
