// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Files that are read one after the other; a path may have wildcards or name a folder.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        foreach (string path in Marked.NotNull(paths, nameof(paths)))
            Marked.NotEmpty(path, "path");
        _paths = [.. paths.SelectMany(Expand)];
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[CheckIndex(index)];

    public Stream Open(int index) => File.OpenRead(_paths[CheckIndex(index)]);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    internal static void CheckExists(string path)
    {
        Marked.NotEmpty(path, nameof(path));
        if (!Expand(path).Any(File.Exists))
            throw Marked.Argument(nameof(path), $"File or directory does not exist at path: {path}");
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (Directory.Exists(path))
            return Directory.GetFiles(path).Order(StringComparer.Ordinal);
        string name = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!name.AsSpan().ContainsAny('*', '?') || !Directory.Exists(folder))
            return [path];
        return Directory.GetFiles(folder, name).Order(StringComparer.Ordinal);
    }

    private int CheckIndex(int index) => index >= 0 && index < Count
        ? index
        : throw Marked.Argument(nameof(index), $"index must be at least 0 and less than {Count}");
}
