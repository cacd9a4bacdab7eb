// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>The vectors of removed entries as a file would hold them: four bytes a value, or one where that fits.
/// </summary>
/// <remarks>
/// Sequences under 8 bytes occur by chance and are not searched for. Scrambled keys depend on their place: they are
/// found by loading the file instead, which reads every byte of them.
/// </remarks>
internal sealed class RemovedVectors
{
    private const int ShortestBytes = 8;

    private readonly List<long> _ids = [];
    private readonly BytePatterns? _floats;
    private readonly BytePatterns? _bytes;
    private readonly List<(int Floats, int Bytes)> _indices = [];

    public RemovedVectors(BankSnapshot memory, IEnumerable<Entry> removed)
    {
        int dimension = memory.Dimension;
        _floats = dimension * sizeof(float) >= ShortestBytes ? new BytePatterns(dimension * sizeof(float)) : null;
        _bytes = dimension >= ShortestBytes ? new BytePatterns(dimension) : null;
        float[] key = new float[dimension];
        byte[] packed = new byte[dimension];
        foreach (Entry entry in removed)
        {
            memory.CopyKey(entry.Position, key);
            _ids.Add(entry.Id);
            _indices.Add((
                _floats?.Add(MemoryMarshal.AsBytes(key.AsSpan())) ?? -1,
                _bytes is not null && TryPack(key, packed) ? _bytes.Add(packed) : -1));
        }
    }

    /// <summary>Number of vectors that are searched for.</summary>
    public int Count => _floats is null ? 0 : _ids.Count;

    /// <summary>Counts each vector in everything that a saved model holds, uncompressed.</summary>
    /// <returns>Occurrences of each vector, and bytes searched.</returns>
    public (long[] Counts, long Bytes) CountIn(Stream model)
    {
        _floats?.Reset();
        _bytes?.Reset();
        long searched = 0;
        model.Position = 0;
        using var archive = new ZipArchive(model, ZipArchiveMode.Read, leaveOpen: true);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            searched += Scan(_floats, entry);
            Scan(_bytes, entry);
        }

        long[] counts = new long[_ids.Count];
        for (int index = 0; index < counts.Length; index++)
        {
            (int floats, int bytes) = _indices[index];
            if (floats >= 0) counts[index] += _floats!.CountOf(floats);
            if (bytes >= 0) counts[index] += _bytes!.CountOf(bytes);
        }

        return (counts, searched);
    }

    public long IdOf(int index) => _ids[index];

    private static long Scan(BytePatterns? patterns, ZipArchiveEntry entry)
    {
        if (patterns is null) return 0;
        using Stream content = entry.Open();
        return patterns.Scan(content);
    }

    private static bool TryPack(ReadOnlySpan<float> key, Span<byte> packed)
    {
        for (int index = 0; index < key.Length; index++)
        {
            packed[index] = (byte)Math.Clamp(key[index], 0, byte.MaxValue);
            if (BitConverter.SingleToInt32Bits(key[index]) != BitConverter.SingleToInt32Bits(packed[index]))
                return false;
        }

        return true;
    }
}
