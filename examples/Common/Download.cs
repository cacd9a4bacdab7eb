// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Security.Cryptography;

namespace ExampleData;

/// <summary>Downloads a set of images once, where the network allows it, and checks it against its checksums.</summary>
internal static class Download
{
    private const int MaxFileBytes = 48 << 20;

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);

    /// <summary>Tries to put the four files into the cache.</summary>
    /// <returns>Null when they are there, else the reason why not, as one short sentence.</returns>
    public static string? TryFill(ImageCatalog catalog)
    {
        string folder = Path.Combine(DataFolder.Cache, catalog.Folder);
        try
        {
            Directory.CreateDirectory(folder);
            using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = _connectTimeout })
            {
                Timeout = _timeout,
                MaxResponseContentBufferSize = MaxFileBytes,
            };
            for (int index = 0; index < ImageCatalog.FileNames.Count; index++)
                Fetch(client, catalog, index, Path.Combine(folder, ImageCatalog.FileNames[index]));
            return null;
        }
        catch (Exception reason) when (reason
            is HttpRequestException or OperationCanceledException or IOException
            or InvalidDataException or UnauthorizedAccessException)
        {
            return reason.Message;
        }
    }

    private static void Fetch(HttpClient client, ImageCatalog catalog, int index, string path)
    {
        if (File.Exists(path)) return;

        string name = ImageCatalog.FileNames[index] + ".gz";
        var progress = new ConsoleProgress("Downloading");
        progress.Report(index, ImageCatalog.FileNames.Count);
        byte[] compressed = client.GetByteArrayAsync(new Uri(catalog.MirrorUrl + name)).GetAwaiter().GetResult();
        progress.Report(index + 1, index + 1);

        byte[] content = new byte[MaxFileBytes];
        using var stream = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(0, length))) != catalog.Checksums[index])
            throw new InvalidDataException($"'{name}' from {catalog.MirrorUrl} does not have the known checksum");

        string partial = $"{path}.{Environment.ProcessId}.partial";
        File.WriteAllBytes(partial, content.AsSpan(0, length));
        File.Move(partial, path, overwrite: true);
    }
}
