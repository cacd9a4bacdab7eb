// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>The file beside a model that holds the values of its vectors.</summary>
/// <remarks>
/// It is held open until its model is in place. Who finds a file of the kind that nobody holds and that no model
/// names knows therefore that no model ever will: it is stale.
/// </remarks>
internal sealed class OnnxValuesFile : IDisposable
{
    private const string Extension = ".data";
    private const int IdLength = 32;
    private const int MostAttempts = 8;

    private readonly string _path;
    private FileStream? _held;

    private OnnxValuesFile(string path)
    {
        _path = path;
        Stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Name of the file without its folder.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Receives the values.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes a file with a name of its own beside a model.</summary>
    public static OnnxValuesFile Create(string model)
    {
        // Unix makes a file and holds it in two steps, and another export may take what lies between for stale.
        for (int attempt = 1; ; attempt++)
        {
            string path = $"{model}.{Guid.NewGuid():N}{Extension}";
            try
            {
                var values = new OnnxValuesFile(path);
                if (attempt == MostAttempts || File.Exists(path)) return values;
                values.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts)
            {
            }
        }
    }

    /// <summary>Has the device keep the values, and lets others read them.</summary>
    public void Complete()
    {
        Stream.Flush(flushToDisk: true);

        // Held for reading before it is closed for writing: there is no moment in which nobody holds it.
        _held = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Stream.Dispose();
    }

    /// <summary>Deletes the file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        _held?.Dispose();
    }

    /// <summary>Deletes the values of earlier exports to a path; those that cannot be deleted now stay.</summary>
    public static void DeleteStale(string model)
    {
        string name = Path.GetFileName(model);
        try
        {
            string[] files = Directory.GetFiles(Path.GetDirectoryName(model) ?? "");
            string[] models = [.. files.Where(file => MayBeModel(name, Path.GetFileName(file))).Union([model])];
            foreach (string file in files.Where(file => IsOf(name, Path.GetFileName(file), Extension)))
                TryDelete(file, models);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder may be written and not be listed.
        }
    }

    private static void TryDelete(string path, string[] models)
    {
        try
        {
            if (!IsNamed(models, path)) DeleteIfFree(path, models);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody writes or reads it: the next export finds it again.
        }
    }

    private static bool IsOf(string model, string name, string extension)
        => name.Length == model.Length + 1 + IdLength + extension.Length
            && name.StartsWith(model + ".", StringComparison.Ordinal)
            && name.EndsWith(extension, StringComparison.Ordinal)
            && name.AsSpan(model.Length + 1, IdLength).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>Whether a file may be a copy of a model, such as copy.onnx and model.onnx.bak.</summary>
    private static bool MayBeModel(string model, string name)
        => (name.Contains(".onnx", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(model, StringComparison.Ordinal))
            && !name.EndsWith(Extension, StringComparison.Ordinal)
            && !IsOf(model, name, OnnxModelFiles.TemporaryExtension);

    private static void DeleteIfFree(string path, string[] models)
    {
        // Fails where another holds it. Windows has to be told that it may be deleted all the same.
        FileShare alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

        // To read a pipe would be to wait for whoever writes to it.
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, alone);

        // The model may have come since; now that nobody holds the values, none will.
        if (held.CanSeek && !IsNamed(models, path)) File.Delete(path);
    }

    /// <summary>Whether a model, or a copy of one beside it, holds the name of a file.</summary>
    private static bool IsNamed(string[] models, string path)
    {
        string name = Path.GetFileName(path);
        return Array.Exists(models, model => Names(model, name));
    }

    private static bool Names(string model, string name)
    {
        // A pipe has no length.
        if (new FileInfo(model).Length == 0) return false;
        using FileStream stream = File.OpenRead(model);
        return OnnxParts.HoldsName(stream, name);
    }
}
