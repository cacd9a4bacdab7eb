// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Writes at once or not at all: beside its place first, then moved there.</summary>
internal static class Draft
{
    /// <summary>Writes a file; one that is there is replaced.</summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is as it was.</exception>
    public static void WriteFile(string path, Action<Stream> write)
    {
        string draft = NameFor(path);
        try
        {
            using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <inheritdoc cref="WriteFile"/>
    public static void WriteText(string path, string text)
        => WriteFile(path, file => file.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a folder with all its files; in one that is there, each file is written whole.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="write">Is given the folder to write to, and writes each file whole.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void WriteFolder(string folder, Action<string> write)
    {
        string target = Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder));
        if (Directory.Exists(target))
        {
            write(target);
            return;
        }

        string draft = NameFor(target);
        Directory.CreateDirectory(draft);
        try
        {
            write(draft);
            Directory.Move(draft, target);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    private static string NameFor(string path) => $"{path}.{Path.GetRandomFileName()}";
}
