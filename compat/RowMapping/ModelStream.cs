// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.RowMapping;

/// <summary>Keeps a transformer in streams of its own beside the header that leads back to it.</summary>
/// <param name="Signature">Eight characters.</param>
/// <param name="Loader">The name under which the loader is registered.</param>
/// <param name="Version">The version that is written, and the only one that is read.</param>
internal sealed record ModelStream(string Signature, string Loader, uint Version = 0x00010001)
{
    private const string StreamName = "Content";

    private Host.VersionInfo Info => new(
        Signature, Version, Version, Version, typeof(ModelStream).Assembly.FullName, Loader);

    public void Save(ModelSaveContext context, Action<BinaryWriter> write) => Save(context, (StreamName, write));

    /// <param name="context">Where to save.</param>
    /// <param name="streams">What to write, and under which names.</param>
    public void Save(ModelSaveContext context, params (string Name, Action<BinaryWriter> Write)[] streams)
    {
        ArgumentNullException.ThrowIfNull(context);
        var host = (Host.ModelSaveContext)(object)context;
        host.CheckAtModel();
        host.SetVersionInfo(Info);
        foreach ((string name, Action<BinaryWriter> write) in streams)
            host.SaveBinaryStream(name, write);
    }

    /// <param name="context">The host's load context, a type that it keeps to itself.</param>
    /// <param name="read">Makes the transformer of the stream.</param>
    public T Load<T>(object context, Func<BinaryReader, T> read)
        where T : class => Load(context, StreamName, read);

    /// <param name="context">The host's load context, a type that it keeps to itself.</param>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="read">Makes something of it.</param>
    public T Load<T>(object context, string stream, Func<BinaryReader, T> read)
        where T : class
    {
        var host = (Host.ModelLoadContext)context;
        host.CheckAtModel(Info);
        T result = null;
        if (!host.TryLoadBinaryStream(stream, reader => result = read(reader)))
            throw new FormatException($"The model file must hold the content of '{Loader}'. Got none.");
        return result;
    }
}
