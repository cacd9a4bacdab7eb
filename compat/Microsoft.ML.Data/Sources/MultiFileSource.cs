// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some files, read one after the other as one.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        HostErrors.CheckValue(null, paths, nameof(paths));
        _paths = paths;
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[Checked(index)];

    public Stream Open(int index) => File.OpenRead(_paths[Checked(index)]);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private int Checked(int index) => (uint)index < (uint)_paths.Length
        ? index
        : throw HostErrors.ExceptParam(null, nameof(index),
            $"Must be at least 0 and below {_paths.Length}. Got {index}.");
}
