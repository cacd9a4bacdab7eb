// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Some files, read one after the other as one.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        foreach (string path in Marked.NotNull(paths, nameof(paths)))
            Marked.NotEmpty(path, "path");
        _paths = [.. paths];
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[CheckIndex(index)];

    public Stream Open(int index) => File.OpenRead(_paths[CheckIndex(index)]);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private int CheckIndex(int index) => index >= 0 && index < Count
        ? index
        : throw Marked.Argument(nameof(index), $"index must be at least 0 and less than {Count}. Got {index}");
}
