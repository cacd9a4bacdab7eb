// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>A file of an export beside its model, with a name of its own: its values, or the model until it is whole.
/// </summary>
/// <remarks>
/// It is held open until the model is in place. Who finds a file of the kind that nobody holds, and that no model
/// names, knows therefore that no export will ever need it: it is stale.
/// </remarks>
internal sealed class HeldFile : IDisposable
{
    private const int MostAttempts = 8;

    private FileStream? _held;

    private HeldFile(string path)
    {
        FilePath = path;
        Stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Name of the file without its folder.</summary>
    public string Name => Path.GetFileName(FilePath);

    /// <summary>Receives the content.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes a file beside a model.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="extension">How its name ends.</param>
    public static HeldFile Create(string model, string extension)
    {
        // Unix makes a file and holds it in two steps, and another export may take what lies between for stale.
        for (int attempt = 1; ; attempt++)
        {
            string path = $"{model}.{Guid.NewGuid():N}{extension}";
            try
            {
                var file = new HeldFile(path);
                if (attempt == MostAttempts || File.Exists(path)) return file;
                file.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts)
            {
            }
        }
    }

    /// <summary>Has the device keep the content, and lets others read and move the file.</summary>
    public void Complete()
    {
        Stream.Flush(flushToDisk: true);

        // Held for reading before it is closed for writing: there is no moment in which nobody holds it.
        _held = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Stream.Dispose();
    }

    /// <summary>Deletes the file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(FilePath);
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        _held?.Dispose();
    }
}
