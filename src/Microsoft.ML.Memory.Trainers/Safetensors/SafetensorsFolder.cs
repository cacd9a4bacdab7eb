// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.ObjectModel;

namespace Microsoft.ML.Memory;

/// <summary>Reads the tensors of a model folder: one safetensors file, or several that an index lists.</summary>
/// <remarks>
/// <para>Takes <c>model.safetensors</c> where there is one, else the files named in
/// <c>model.safetensors.index.json</c>. All of them are opened and checked before any tensor can be reached.</para>
/// <para>The index is held to its word: every tensor lies in the file that the index names and in no other, and no
/// file has a tensor that the index lacks.</para>
/// </remarks>
public sealed class SafetensorsFolder : INamedTensors
{
    private readonly SafetensorsFile[] _files;
    private readonly Dictionary<string, SafetensorsFile> _home;

    private SafetensorsFolder(string source, SafetensorsFile[] files)
    {
        Source = source;
        _files = files;
        _home = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        var tensors = new OrderedDictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (SafetensorsFile file in files)
        {
            foreach (TensorEntry entry in file.Tensors.Values)
            {
                if (!_home.TryAdd(entry.Name, file))
                {
                    throw BadFile.Error(
                        SafetensorsHeader.Subject(entry.Name), source, "lie in one file",
                        $"'{Path.GetFileName(_home[entry.Name].Source)}' and '{Path.GetFileName(file.Source)}'");
                }

                tensors.Add(entry.Name, entry);
            }
        }

        Tensors = new ReadOnlyDictionary<string, TensorEntry>(tensors);
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens the tensors of a folder.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <param name="stem">Start of the file names; <c>adapter_model</c> for a folder of an adapter.</param>
    /// <returns>The open files; the caller disposes of them.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has neither file nor index.</exception>
    /// <exception cref="InvalidDataException">A file is missing or breaks a rule.</exception>
    public static SafetensorsFolder Open(string path, string stem = "model")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(stem);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"The model folder '{path}' must exist. Got none.");

        string single = Path.Combine(path, stem + ".safetensors");
        string index = single + ".index.json";
        if (File.Exists(single)) return Open(path, [Path.GetFileName(single)]);
        if (!File.Exists(index))
        {
            throw new FileNotFoundException(
                $"The model folder '{path}' must have {stem}.safetensors or {stem}.safetensors.index.json. "
                + "Got neither. Convert weights of another format to safetensors first.", single);
        }

        Dictionary<string, string> shards = ShardIndex.Read(index);
        IEnumerable<string> files = shards.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        SafetensorsFolder folder = Open(path, files);
        try
        {
            folder.RequireIndexed(index, shards);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadBytes(string name, long start, Span<byte> destination)
        => _home[this.Find(name).Name].ReadBytes(name, start, destination);

    /// <summary>Closes all files; their tensors cannot be read any more.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files) file.Dispose();
    }

    private static SafetensorsFolder Open(string path, IEnumerable<string> names)
    {
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (string name in names)
            {
                string file = Path.Combine(path, name);
                if (!File.Exists(file))
                    throw BadFile.Error("The folder", path, $"have the file {BadFile.Quote(name)}", "none");
                files.Add(SafetensorsFile.Open(file));
            }

            return new SafetensorsFolder(path, [.. files]);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private void RequireIndexed(string index, Dictionary<string, string> shards)
    {
        foreach ((string name, string shard) in shards)
        {
            string? home = _home.TryGetValue(name, out SafetensorsFile? file) ? Path.GetFileName(file.Source) : null;
            if (home != shard)
            {
                throw BadFile.Error(
                    SafetensorsHeader.Subject(name), index, $"lie in {BadFile.Quote(shard)}",
                    home is null ? "it in no file" : $"it in '{home}'");
            }
        }

        string? extra = Tensors.Keys.FirstOrDefault(name => !shards.ContainsKey(name));
        if (extra is not null)
        {
            throw BadFile.Error(
                "The weight_map", index, "name every tensor of its files",
                $"none for {BadFile.Quote(extra)} of '{Path.GetFileName(_home[extra].Source)}'");
        }
    }
}
