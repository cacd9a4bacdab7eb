// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>A folder for the files of a test, deleted with what is in it.</summary>
internal sealed class IndexFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("memory-index-").FullName;
    private readonly List<IDisposable> _open = [];
    private int _files;

    public string NewPath() => Path.Combine(_path, $"{_files++}.index");

    /// <summary>Closes an index when the folder goes.</summary>
    public T Keep<T>(T index)
        where T : IDisposable
    {
        _open.Add(index);
        return index;
    }

    public string[] Files() => [.. Directory.GetFiles(_path).Select(file => Path.GetFileName(file)).Order()];

    public void Dispose()
    {
        foreach (IDisposable open in _open) open.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
