// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Finds the files that a path names: a file, all files of a folder, or those that fit wildcards.</summary>
internal static class TextPaths
{
    public static MultiFileSource Open(string path)
    {
        Marked.NotEmpty(path, nameof(path));
        string[] files = Expand(path);
        return files.Any(File.Exists)
            ? new MultiFileSource(files)
            : throw Marked.Argument(nameof(path), $"File or directory does not exist at path: {path}");
    }

    public static MultiFileSource OpenAll(string[] paths) =>
        new([.. Marked.NotNull(paths, "path").SelectMany(Expand)]);

    private static string[] Expand(string path)
    {
        Marked.NotEmpty(path, nameof(path));
        if (Directory.Exists(path))
            return [.. Directory.GetFiles(path).Order(StringComparer.Ordinal)];
        string name = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!name.AsSpan().ContainsAny('*', '?') || !Directory.Exists(folder))
            return [path];
        return [.. Directory.GetFiles(folder, name).Order(StringComparer.Ordinal)];
    }
}
