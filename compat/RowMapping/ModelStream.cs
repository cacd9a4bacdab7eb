// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.RowMapping;

/// <summary>Keeps a transformer in a stream of its own beside the header that leads back to it.</summary>
/// <param name="Signature">Eight characters.</param>
/// <param name="Loader">The name under which the loader is registered.</param>
internal sealed record ModelStream(string Signature, string Loader)
{
    private const string StreamName = "Content";
    private const uint Version = 0x00010001;

    // The simple name, as the real host's assembly has the same.
    private Host.VersionInfo Info => new(
        Signature, Version, Version, Version, typeof(ModelStream).Assembly.GetName().Name, Loader);

    public void Save(ModelSaveContext context, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        var host = (Host.ModelSaveContext)(object)context;
        host.CheckAtModel();
        host.SetVersionInfo(Info);
        host.SaveBinaryStream(StreamName, write);
    }

    /// <param name="context">The host's load context, a type that it keeps to itself.</param>
    /// <param name="read">Makes the transformer of the stream.</param>
    public T Load<T>(object context, Func<BinaryReader, T> read)
        where T : class
    {
        var host = (Host.ModelLoadContext)context;
        host.CheckAtModel(Info);
        T result = null;
        if (!host.TryLoadBinaryStream(StreamName, reader => result = read(reader)))
            throw new FormatException($"The model file must hold the content of '{Loader}'. Got none.");
        return result;
    }
}
