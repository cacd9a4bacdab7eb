// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using System.Reflection;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Keeps a model's one binary stream inside the host's model file.</summary>
internal static class ModelStream
{
    private const string StreamName = "Memory";

    /// <summary>
    /// The version of the frame around the stream; the stream itself carries the version that matters.
    /// </summary>
    private const uint FrameVersion = 0x00010001;

    /// <summary>Writes the header that leads a later load back to our assembly, then the stream.</summary>
    /// <param name="context">The host's save context, positioned at this model.</param>
    /// <param name="signature">Exactly 8 ASCII characters, unique to the model.</param>
    /// <param name="loader">The name under which the loader is registered, at most 24 ASCII characters.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="assembly">Where the loader is registered; null for this assembly.</param>
    public static void Save(
        ModelSaveContext context, string signature, string loader, Action<Stream> write, Assembly? assembly = null)
    {
        ArgumentNullException.ThrowIfNull(context);

        var host = (Host.ModelSaveContext)(object)context;
        host.CheckAtModel();
        host.SetVersionInfo(Version(signature, loader, assembly));
        host.SaveBinaryStream(StreamName, writer =>
        {
            writer.Flush();
            write(writer.BaseStream);
        });
    }

    /// <summary>Checks the header and reads the stream.</summary>
    /// <param name="context">The host's load context, positioned at this model; a type that the host keeps to itself.
    /// </param>
    /// <param name="signature">As it was saved.</param>
    /// <param name="loader">As it was saved.</param>
    /// <param name="read">Reads the content.</param>
    /// <param name="assembly">As it was saved.</param>
    /// <exception cref="InvalidDataException">The model file has no such stream.</exception>
    public static T Load<T>(
        object context, string signature, string loader, Func<Stream, T> read, Assembly? assembly = null)
    {
        ArgumentNullException.ThrowIfNull(context);

        var host = (Host.ModelLoadContext)context;
        host.CheckAtModel(Version(signature, loader, assembly));
        T? result = default;
        bool found = host.TryLoadBinaryStream(StreamName, reader => result = read(reader.BaseStream));
        return found
            ? result!
            : throw new InvalidDataException(
                $"The model file must hold a stream '{StreamName}' beside the model '{loader}'. "
                + "Got none. Save the model again.");
    }

    // The assembly's simple name, without version: a model saved by a later library must find an earlier one.
    private static Host.VersionInfo Version(string signature, string loader, Assembly? assembly)
    {
        string name = (assembly ?? typeof(ModelStream).Assembly).GetName().Name!;
        return new(signature, FrameVersion, FrameVersion, FrameVersion, name, loader);
    }
}
