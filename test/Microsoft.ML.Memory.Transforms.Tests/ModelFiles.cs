// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Reads model files as the archives they are.</summary>
internal static class ModelFiles
{
    private const string StreamName = "Memory";

    /// <summary>Gives the bytes of the one stream that a memory keeps in a model file.</summary>
    public static byte[] MemoryStreamOf(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        using Stream stream = archive.Entries.Single(entry => entry.Name == StreamName).Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Gives the path of a file that an earlier version wrote.</summary>
    public static string FrozenPath(string method, string name)
    {
        string file = Path.Combine("test", "Microsoft.ML.Memory.Transforms.Tests", "Golden", method, name);
        for (DirectoryInfo? root = new(AppContext.BaseDirectory); root is not null; root = root.Parent)
        {
            string path = Path.Combine(root.FullName, file);
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"{file} must lie in an ancestor of the test's folder. Got none.");
    }

    /// <summary>Rewrites a model file with the memory's stream changed.</summary>
    public static void Rewrite(string path, string target, Func<byte[], byte[]> change)
    {
        using ZipArchive source = ZipFile.OpenRead(path);
        using ZipArchive copy = ZipFile.Open(target, ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in source.Entries)
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            byte[] bytes = entry.Name == StreamName ? change(content.ToArray()) : content.ToArray();
            using Stream written = copy.CreateEntry(entry.FullName).Open();
            written.Write(bytes);
        }
    }
}
