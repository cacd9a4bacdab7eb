// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Counts byte sequences of one length in streams, all of them in one pass.</summary>
/// <remarks>
/// A hash rolls over the bytes; only where it is that of a sequence are the bytes compared, so counts are exact. Cost
/// O(bytes), whatever the number of sequences. Source: Karp, Rabin, "Efficient randomized pattern-matching algorithms",
/// IBM Journal of Research and Development 31(2), 1987.
/// </remarks>
internal sealed class BytePatterns
{
    private const int ReadBytes = 1 << 16;
    private const int FilterBits = 22;
    private const ulong Base = 0x9E3779B97F4A7C15;

    private readonly int _length;
    private readonly ulong _highest = 1;
    private readonly List<byte[]> _patterns = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<ulong, List<int>> _byHash = [];
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];

    /// <summary>Makes an empty set.</summary>
    /// <param name="length">Length of every sequence, at least 1.</param>
    public BytePatterns(int length)
    {
        _length = length;
        for (int power = 1; power < length; power++) unchecked { _highest *= Base; }
    }

    /// <summary>Adds a sequence and gives its index; equal sequences have one each.</summary>
    public int Add(ReadOnlySpan<byte> pattern)
    {
        ulong hash = HashOf(pattern);
        if (!_byHash.TryGetValue(hash, out List<int>? same)) _byHash[hash] = same = [];
        same.Add(_patterns.Count);
        ulong bit = FilterBit(hash);
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        _patterns.Add(pattern.ToArray());
        _counts.Add(0);
        return _patterns.Count - 1;
    }

    /// <summary>Times a sequence occurred in the streams scanned since the last <see cref="Reset"/>.</summary>
    public long CountOf(int index) => _counts[index];

    /// <summary>Sets all counts to 0.</summary>
    public void Reset()
    {
        for (int index = 0; index < _counts.Count; index++) _counts[index] = 0;
    }

    /// <summary>Counts the sequences in a stream, overlapping ones as well.</summary>
    /// <returns>Bytes of the stream.</returns>
    public long Scan(Stream stream)
    {
        byte[] buffer = new byte[_length + ReadBytes];
        long total = 0;
        int filled = 0;
        ulong hash = 0;
        bool isStarted = false;
        while (stream.Read(buffer, filled, buffer.Length - filled) is > 0 and int read)
        {
            total += read;
            filled += read;
            if (filled < _length) continue;
            int start = 0;
            if (!isStarted)
            {
                hash = HashOf(buffer.AsSpan(0, _length));
                Match(hash, buffer.AsSpan(0, _length));
                isStarted = true;
            }

            // before each step the hash is that of the window at start
            for (; start + _length < filled; start++)
            {
                hash = unchecked(((hash - ((buffer[start] + 1UL) * _highest)) * Base) + buffer[start + _length] + 1);
                Match(hash, buffer.AsSpan(start + 1, _length));
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }

        return total;
    }

    private static ulong FilterBit(ulong hash) => (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9 >> (64 - FilterBits);

    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0;
        foreach (byte value in bytes) hash = unchecked((hash * Base) + value + 1);
        return hash;
    }

    private void Match(ulong hash, ReadOnlySpan<byte> window)
    {
        ulong bit = FilterBit(hash);
        if ((_filter[bit >> 6] >> (int)(bit & 63) & 1) == 0) return;
        if (!_byHash.TryGetValue(hash, out List<int>? same)) return;
        foreach (int index in same)
        {
            if (window.SequenceEqual(_patterns[index])) _counts[index]++;
        }
    }
}
