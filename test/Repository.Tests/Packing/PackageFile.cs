// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Microsoft.ML.Memory.Repository;

/// <summary>What is in one package.</summary>
internal sealed class PackageFile(string path) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(path);

    /// <summary>The files that the author put in, without those of the packaging itself.</summary>
    public string[] Files => [.. _archive.Entries.Select(entry => entry.FullName)
        .Where(name => !name.EndsWith(".nuspec", StringComparison.Ordinal) && name != "[Content_Types].xml"
            && !name.StartsWith("_rels/", StringComparison.Ordinal)
            && !name.StartsWith("package/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>Ids of the packages that come along.</summary>
    public string[] Dependencies
        => [.. Metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => (string)element.Attribute("id")!).Order(StringComparer.Ordinal)];

    private XElement Metadata
    {
        get
        {
            ZipArchiveEntry entry
                = _archive.Entries.Single(each => each.Name.EndsWith(".nuspec", StringComparison.Ordinal));
            return XElement.Load(new MemoryStream(Bytes(entry.FullName)));
        }
    }

    /// <summary>What the package says of itself; null where it does not say.</summary>
    public string? Value(string name)
        => Metadata.Descendants().SingleOrDefault(each => each.Name.LocalName == name)?.Value;

    public byte[] Bytes(string name)
    {
        using Stream stream = (_archive.GetEntry(name)
            ?? throw new FileNotFoundException($"The package must hold {name}.")).Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public string Text(string name)
        => Encoding.UTF8.GetString(Bytes(name)).ReplaceLineEndings("\n").TrimStart('\uFEFF');

    /// <summary>Every file with its bytes, those that the packaging wrote too.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> All()
        => _archive.Entries.Select(entry => (entry.FullName, Bytes(entry.FullName)));

    /// <summary>Whether the compiler was asked to make the same bytes of the same sources.</summary>
    public bool IsDeterministic(string assembly)
    {
        using var image = new PEReader(new MemoryStream(Bytes(assembly)));
        return image.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    /// <summary>Paths of the sources, from the symbols inside an assembly; empty where there are none.</summary>
    public string[] Sources(string assembly)
    {
        using var image = new PEReader(new MemoryStream(Bytes(assembly)));
        DebugDirectoryEntry entry = image.ReadDebugDirectory()
            .FirstOrDefault(each => each.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        if (entry.Type != DebugDirectoryEntryType.EmbeddedPortablePdb) return [];

        using MetadataReaderProvider symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        MetadataReader reader = symbols.GetMetadataReader();
        return [.. reader.Documents.Select(each => reader.GetString(reader.GetDocument(each).Name))];
    }

    public void Dispose() => _archive.Dispose();
}
