// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from: its Model.key entry, streams beside it, components below it.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string KeyName = "Model.key";

    private readonly ZipArchive _archive;
    private readonly string _directory;
    private readonly ModelHeader _header;

    private ModelLoadContext(ZipArchive archive, string directory, ModelHeader header)
    {
        _archive = archive;
        _directory = directory;
        _header = header;
        ArraySegment<byte> model = header.Model;
        Reader = new BinaryReader(new MemoryStream(model.Array, model.Offset, model.Count));
    }

    public BinaryReader Reader { get; }

    public void Dispose() => Reader.Dispose();

    /// <summary>Checks that the model is of the expected kind and of a version that can be read.</summary>
    public void CheckAtModel(VersionInfo ver)
    {
        if (_header.ModelSignature != ver.ModelSignature)
            throw HostErrors.ExceptDecode(null, "Unknown file type");
        string host = $"ML.NET {typeof(ModelLoadContext).Assembly.GetName().Version}";
        if (_header.VerReadable > ver.VerWrittenCur)
            throw HostErrors.ExceptDecode(null,
                $"Cause: {host} cannont read component '{ver.LoaderSignature}' of the model, because the model is " +
                $"too new.\nSuggestion: Make sure the model is trained with {host} or older.\n" +
                $"Debug details: Maximum expected version {_header.VerReadable}, got {ver.VerWrittenCur}.");
        if (_header.VerWritten < ver.VerWeCanReadBack)
            throw HostErrors.ExceptDecode(null,
                $"Cause: {host} cannot read component '{ver.LoaderSignature}' of the model, because the model is " +
                $"too old.\nSuggestion: Make sure the model is trained with {host}.\n" +
                $"Debug details: Minimum expected version {_header.VerWritten}, got {ver.VerWeCanReadBack}.");
    }

    public string LoadNonEmptyString()
    {
        string text = LoadStringOrNull();
        return string.IsNullOrEmpty(text) ? throw ModelHeader.Invalid() : text;
    }

    public string LoadString() => LoadStringOrNull() ?? throw ModelHeader.Invalid();

    public string LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        if (id == -1)
            return null;
        return (uint)id < (uint)_header.Strings.Length ? _header.Strings[id] : throw ModelHeader.Invalid();
    }

    /// <summary>Reads an entry beside the component's own; false where there is none.</summary>
    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        ZipArchiveEntry entry = _archive.GetEntry(ModelSaveContext.PathOf(_directory, name));
        if (entry is null)
            return false;
        using BufferedStream stream = new(entry.Open(), 1 << 16);
        using BinaryReader reader = new(stream);
        action(reader);
        return true;
    }

    /// <summary>Makes the component in a folder below this one's.</summary>
    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string dir, params object[] extra)
        where TRes : class =>
        Load<TRes, TSig>(env, _archive, ModelSaveContext.PathOf(_directory, dir), out result, extra);

    /// <summary>Makes the component in a folder of an archive.</summary>
    internal static void Load<TRes, TSig>(
        IHostEnvironment env, ZipArchive archive, string directory, out TRes result, params object[] extra)
        where TRes : class
    {
        using ModelLoadContext context = Open(env, archive, directory);
        string assemblyName = context._header.LoaderAssemblyName;
        if (assemblyName.Length > 0)
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(assemblyName));
        if (!env.ComponentCatalog.TryCreateInstance(
                env, typeof(TSig), context._header.LoaderSignature, out result, [context, .. extra]))
            throw env.ExceptDecode($"Couldn't load model: '{directory}'");
    }

    /// <summary>Opens a folder for a component that the caller makes himself.</summary>
    internal static ModelLoadContext Open(IHostEnvironment env, ZipArchive archive, string directory)
    {
        ZipArchiveEntry entry = archive.GetEntry(ModelSaveContext.PathOf(directory, KeyName))
            ?? throw env.ExceptDecode("Corrupt model file");
        using Stream stream = entry.Open();
        MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return new ModelLoadContext(archive, directory, ModelHeader.Read(bytes.ToArray()));
    }
}
