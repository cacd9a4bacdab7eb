// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using System.Text;

namespace MemoryServe;

/// <summary>Settings of the server: section "Serve" of the configuration, such as variable Serve__Model.</summary>
internal sealed class ServeOptions
{
    public const string Section = "Serve";

    private const int LeastKeyLength = 16;

    /// <summary>Path of the deployed model.zip, which is watched and never written. No default.</summary>
    public string Model { get; set; } = "";

    /// <summary>Folder for what the server learns; empty (the default) means the model's path with ".memory" after it.
    /// </summary>
    public string MemoryFolder { get; set; } = "";

    /// <summary>How often the model file is looked at. Default 2 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Key for whatever changes or downloads the memory, 16 characters or more; empty (the default) refuses
    /// all of that.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>SHA-256 of the key in hexadecimal, where the key itself should not be in the configuration.</summary>
    public string ApiKeySha256 { get; set; } = "";

    /// <summary>Most bytes of a request body. Default 16 MiB.</summary>
    public long BodyBytes { get; set; } = 16 << 20;

    /// <summary>Most bytes of all request bodies at once; more are refused with 503. Default 256 MiB.</summary>
    public long BodiesBytes { get; set; } = 256 << 20;

    /// <summary>Most rows of a request. Default 1,024.</summary>
    public int RowsPerRequest { get; set; } = 1024;

    /// <summary>Most requests at work at once, those that wait for a batch included. Default 2,048.</summary>
    public int ConcurrentRequests { get; set; } = 2048;

    /// <summary>Most connections. Default 4,096.</summary>
    public int Connections { get; set; } = 4096;

    /// <summary>Most rows that wait for a batch; more are refused with 503. Default 8,192.</summary>
    public int QueuedRows { get; set; } = 8192;

    /// <summary>Most rows of a batch. Default 256; 1 predicts one request after the other.</summary>
    public int BatchRows { get; set; } = 256;

    /// <summary>How long a batch waits for as many requests as the last one had. Default 1 ms.</summary>
    public TimeSpan BatchWait { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Batches at work at once. Default 1: a batch has all processors.</summary>
    public int BatchWorkers { get; set; } = 1;

    /// <summary>Earlier predictions that feedback can be given on, at least 0. Default 10,000.</summary>
    public int RememberedPredictions { get; set; } = 10_000;

    /// <summary>Longest time that a request may take, its body included. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that the header of a request may take. Default 10 s.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time that requests at work may take when the server stops. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of an image column to add to the schema that was saved with the model, where that could not keep
    /// it; empty (the default) adds none.</summary>
    public string ImageColumn { get; set; } = "";

    /// <summary>Most pixels of an uploaded image. Default 16 million.</summary>
    public long ImagePixels { get; set; } = 16_000_000;

    /// <summary>Folder with the pictures of entries for the inspector, each named after its id, such as 7.png or 7.jpg;
    /// empty (the default) draws the vectors.</summary>
    public string PictureFolder { get; set; } = "";

    /// <summary>How vectors are read as pixels, such as 28x28 (grey) or 32x32x3 (red, green, blue); none where they are
    /// no pixels. Empty (the default) decides by their size and values.</summary>
    public string PictureShape { get; set; } = "";

    /// <summary>Where memories are kept.</summary>
    public string MemoryPath => MemoryFolder.Length > 0 ? MemoryFolder : Model + ".memory";

    /// <summary>Checks every setting.</summary>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public IReadOnlyList<string> Violations()
    {
        var violations = new List<string>();
        Require(Model.Length > 0, "Model must be the path of a model.zip. Got nothing.");
        Require(ApiKey.Length is 0 or >= LeastKeyLength, $"ApiKey must have at least {LeastKeyLength} characters.");
        Require(ApiKeySha256.Length == 0 || IsHash(ApiKeySha256), "ApiKeySha256 must be 64 hexadecimal digits.");
        Require(
            PictureShape.Length == 0 || PictureSize.TryParse(PictureShape, out _),
            $"PictureShape must be {PictureSize.Expected}. Got {PictureShape}.");
        Require(
            PictureFolder.Length == 0 || Directory.Exists(PictureFolder),
            $"PictureFolder must be a folder that is there. Got {PictureFolder}.");
        RequireAtLeast(BodyBytes, 1, nameof(BodyBytes));
        RequireAtLeast(BodiesBytes, BodyBytes, nameof(BodiesBytes));
        RequireAtLeast(Connections, 1, nameof(Connections));
        RequireAtLeast(RowsPerRequest, 1, nameof(RowsPerRequest));
        RequireAtLeast(ConcurrentRequests, 1, nameof(ConcurrentRequests));
        RequireAtLeast(QueuedRows, 1, nameof(QueuedRows));
        RequireAtLeast(BatchRows, 1, nameof(BatchRows));
        RequireAtLeast(BatchWorkers, 1, nameof(BatchWorkers));
        RequireAtLeast(RememberedPredictions, 0, nameof(RememberedPredictions));
        RequireAtLeast(ImagePixels, 1, nameof(ImagePixels));
        Require(BatchWait >= TimeSpan.Zero, $"BatchWait must not be negative. Got {BatchWait}.");
        RequirePositive(ReloadInterval, nameof(ReloadInterval));
        RequirePositive(RequestTimeout, nameof(RequestTimeout));
        RequirePositive(HeaderTimeout, nameof(HeaderTimeout));
        RequirePositive(DrainTimeout, nameof(DrainTimeout));
        return violations;

        void Require(bool holds, string violation)
        {
            if (!holds) violations.Add($"{Section}:{violation}");
        }

        void RequireAtLeast(long value, long least, string name)
            => Require(value >= least, $"{name} must be at least {least}. Got {value}.");

        void RequirePositive(TimeSpan value, string name)
            => Require(value > TimeSpan.Zero, $"{name} must be a positive time. Got {value}.");
    }

    /// <summary>Gives the hash of the key and forgets the key; null where none is configured.</summary>
    public byte[]? TakeKeyHash()
    {
        byte[]? hash = ApiKey.Length > 0 ? SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))
            : ApiKeySha256.Length > 0 ? Convert.FromHexString(ApiKeySha256)
            : null;
        ApiKey = "";
        return hash;
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
