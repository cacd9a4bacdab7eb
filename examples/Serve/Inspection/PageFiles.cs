// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Security.Cryptography;

namespace MemoryServe;

/// <summary>The files of the inspector's page that were built into the server; none where npm was not there.
/// </summary>
internal sealed class PageFiles
{
    /// <summary>The file that the address without a name shows.</summary>
    public const string First = "index.html";

    private static readonly (string Name, string ContentType)[] _known =
    [
        (First, "text/html; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("app.css", "text/css; charset=utf-8"),
        ("licenses.txt", "text/plain; charset=utf-8"),
    ];

    private readonly Dictionary<string, PageFile> _files = [];

    /// <param name="read">Gives the bytes of a file by its name; null where it was not built in.</param>
    public PageFiles(Func<string, byte[]?> read)
    {
        foreach ((string name, string contentType) in _known)
        {
            if (read(name) is not { } content) continue;
            string tag = '"' + Convert.ToHexStringLower(SHA256.HashData(content)) + '"';
            _files[name] = new PageFile(content, contentType, tag);
        }
    }

    /// <summary>Whether there is a page at all.</summary>
    public bool HasPage => _files.ContainsKey(First);

    /// <summary>Gives the files that are resources of the server.</summary>
    public static PageFiles OfResources() => new(name =>
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("inspector/" + name);
        if (stream is null) return null;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });

    /// <summary>Finds a file by its name; null where there is none of that name.</summary>
    public PageFile? Find(string name) => _files.GetValueOrDefault(name);
}
