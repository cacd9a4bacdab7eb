// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: its own Model.key entry, streams beside it, components below it.</summary>
/// <remarks>The entry itself is written last, when the component has returned.</remarks>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _directory;
    private readonly MemoryStream _model = new();
    private readonly List<string> _strings = [];
    private readonly Dictionary<string, int> _idByString = [];
    private VersionInfo? _version;

    internal ModelSaveContext(ZipArchive archive, string directory)
    {
        _archive = archive;
        _directory = directory;
        Writer = new BinaryWriter(_model);
    }

    internal BinaryWriter Writer { get; }

    public void Dispose() => Writer.Dispose();

    internal void CheckAtModel()
    {
        if (_version is not null || _model.Position != 0)
            throw new InvalidOperationException("The context must be at the start of a model.");
    }

    internal void SetVersionInfo(VersionInfo ver) => _version = ver;

    internal void SaveNonEmptyString(string str)
    {
        if (string.IsNullOrEmpty(str))
            throw new ArgumentOutOfRangeException(nameof(str), "The string must not be empty.");
        SaveStringOrNull(str);
    }

    internal void SaveString(string str)
    {
        ArgumentNullException.ThrowIfNull(str);
        SaveStringOrNull(str);
    }

    internal void SaveStringOrNull(string str) => Writer.Write(IdOf(str));

    /// <summary>Writes an entry beside the component's own.</summary>
    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        using BufferedStream stream = new(_archive.CreateEntry(PathOf(_directory, name)).Open(), 1 << 16);
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        action(writer);
    }

    /// <summary>Writes a component into a folder below this one's.</summary>
    internal void SaveModel<T>(T value, string name)
        where T : class => Save(_archive, value, PathOf(_directory, name));

    internal static void Save<T>(ZipArchive archive, T value, string directory)
        where T : class
    {
        if (value is null)
            return;
        using ModelSaveContext context = new(archive, directory);
        Save(value, context);
        context.Finish();
    }

    internal static string PathOf(string directory, string name) =>
        string.IsNullOrEmpty(directory) ? name : $"{directory}/{name}";

    private static void Save(object value, ModelSaveContext context)
    {
        if (value is not ICanSaveModel saveable)
            throw new InvalidOperationException($"A component of type '{value.GetType()}' cannot be saved.");
        saveable.Save(context);
    }

    private void Finish()
    {
        // A component that wrote nothing leaves no entry, and cannot be loaded.
        if (_version is not { } version)
            return;
        Writer.Flush();
        using Stream entry = _archive.CreateEntry(PathOf(_directory, ModelLoadContext.KeyName)).Open();
        entry.Write(ModelHeader.Write(version, _model.ToArray(), _strings));
    }

    private int IdOf(string text)
    {
        if (text is null)
            return -1;
        if (!_idByString.TryGetValue(text, out int id))
        {
            id = _strings.Count;
            _strings.Add(text);
            _idByString.Add(text, id);
        }
        return id;
    }
}
