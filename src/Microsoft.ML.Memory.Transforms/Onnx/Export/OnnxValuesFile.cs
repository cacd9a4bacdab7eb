// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;

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
    public static OnnxValuesFile Create(string model) => new($"{model}.{Guid.NewGuid():N}{Extension}");

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
        string folder = Path.GetDirectoryName(model) ?? "";
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            try
            {
                if (IsOf(name, Path.GetFileName(path)) && !IsNamed(model, path)) DeleteIfFree(model, path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody writes or reads it: the next export finds it again.
            }
        }
    }

    private static bool IsOf(string model, string name)
        => name.Length == model.Length + 1 + IdLength + Extension.Length
            && name.StartsWith(model + ".", StringComparison.Ordinal)
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && name.AsSpan(model.Length + 1, IdLength).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static void DeleteIfFree(string model, string path)
    {
        // Fails where another holds it. Windows has to be told that it may be deleted all the same.
        FileShare alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        using var held = new FileStream(path, FileMode.Open, FileAccess.Read, alone);

        // The model may have come since; now that nobody holds the values, none will.
        if (!IsNamed(model, path)) File.Delete(path);
    }

    /// <summary>Whether a model, or a copy of one beside it, holds the name of a file.</summary>
    private static bool IsNamed(string model, string path)
        => Names(model, path)
            || Directory.EnumerateFiles(Path.GetDirectoryName(model) ?? "", "*.onnx").Any(other => Names(other, path));

    private static bool Names(string model, string path)
    {
        // A pipe has no length; opening one would wait for whoever writes to it.
        if (new FileInfo(model).Length == 0) return false;
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        byte[] buffer = new byte[1 << 20];
        int kept = 0;
        using FileStream stream = File.OpenRead(model);
        for (int read; (read = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            Span<byte> piece = buffer.AsSpan(0, kept + read);
            if (piece.IndexOf(name) >= 0) return true;
            kept = Math.Min(piece.Length, name.Length - 1);
            piece[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
