// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Repository;

/// <summary>The files of this repository, as a reader of a clone sees them.</summary>
internal static class Tree
{
    private static readonly string[] _notOurs =
        [".git", ".vs", ".vscode", ".idea", "artifacts", "bin", "node_modules", "obj", "shared"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths below the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(Root).Select(Relative).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Pages => Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal));

    public static string Absolute(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(Absolute(file));

    public static string[] Lines(string file) => File.ReadAllLines(Absolute(file));

    /// <summary>Fails with every finding in one message.</summary>
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        string[] all = [.. findings];
        Assert.IsEmpty(all, $"{rule}\n{string.Join('\n', all)}");
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Memory.ML.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException(
            $"The tests must run from a folder below the repository. Got {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            if (name is "flavour.props" or ".git" || name.EndsWith(".user", StringComparison.Ordinal)) continue;
            yield return file;
        }

        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            if (_notOurs.Contains(Path.GetFileName(child))) continue;
            foreach (string file in Walk(child)) yield return file;
        }
    }
}
