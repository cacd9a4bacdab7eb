// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What a feature cache holds; a kept file is used again only where all of it is the same.</summary>
internal sealed class FeatureCacheLayout
{
    /// <summary>Bytes in front of a row's numbers: its checksum and whether it was written.</summary>
    public const int RowHeaderBytes = 8;

    private const int RowAlignment = 64;
    private const int MostTaps = 1 << 14;
    private const int MostDimensions = 8;
    private const int LongestName = 1 << 16;

    /// <param name="backboneHash"><see cref="Backbone.Hash"/>.</param>
    /// <param name="key">Everything else that taps follow from: the method, its settings, the data.</param>
    /// <param name="shapes">Shape of each tap of one example.</param>
    /// <param name="rowCount">Number of examples.</param>
    /// <param name="precision">How numbers are held.</param>
    /// <param name="longestText">Tokens of the longest text; 0 where examples are no texts. Taps of two dimensions then
    /// have as many rows as a text has tokens, and their shape says so many.</param>
    /// <exception cref="ArgumentException">The sizes are out of range, or an example takes more than 2 GiB.</exception>
    public FeatureCacheLayout(
        string backboneHash, string key, IReadOnlyList<long[]> shapes, long rowCount, FeatureCachePrecision precision,
        int longestText = 0)
    {
        BackboneHash = backboneHash;
        Key = key;
        Shapes = shapes;
        RowCount = rowCount;
        Precision = precision;
        LongestText = longestText;
        if (Broken() is { } error) throw new ArgumentException(error);
    }

    public string BackboneHash { get; }

    public string Key { get; }

    /// <summary>Shape of each tap, without the batch dimension.</summary>
    public IReadOnlyList<long[]> Shapes { get; }

    public long RowCount { get; }

    public FeatureCachePrecision Precision { get; }

    /// <summary>Tokens of the longest text; 0 where examples are no texts.</summary>
    public int LongestText { get; }

    public int NumberBytes => Precision == FeatureCachePrecision.Half ? sizeof(ushort) : sizeof(float);

    /// <summary>Bytes from one row to the next.</summary>
    public long RowStride => Aligned(RowHeaderBytes + (NumberBytes * Shapes.Sum(Elements)), RowAlignment);

    /// <summary>The part of a tap of one example that is its own: a text's has a row for each of its tokens.</summary>
    public Tensor Own(Tensor tap, TextKey text) =>
        LongestText > 0 && tap.ndim == 2 ? tap.narrow(0, 0, text.TokenCount) : tap;

    /// <summary>Number of elements of a tap of one example.</summary>
    public static long Elements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static long Aligned(long offset, int alignment) => (offset + alignment - 1) / alignment * alignment;

    public void Write(BinaryWriter writer)
    {
        writer.Write(BackboneHash);
        writer.Write(Key);
        writer.Write((int)Precision);
        writer.Write(RowCount);
        writer.Write(LongestText);
        writer.Write(Shapes.Count);
        foreach (long[] shape in Shapes)
        {
            writer.Write(shape.Length);
            foreach (long size in shape) writer.Write(size);
        }
    }

    /// <summary>Requires the fields of a file to be those of this layout, and reads no more than it has.</summary>
    public void Require(SectionReader file, BinaryReader fields)
    {
        Same(file, "be of this backbone", BackboneHash, fields.ReadString());
        Same(file, "be of this method and data", Key, fields.ReadString());
        Same(file, "have this precision", (int)Precision, fields.ReadInt32());
        Same(file, "have this number of rows", RowCount, fields.ReadInt64());
        Same(file, "have texts of at most this number of tokens", LongestText, fields.ReadInt32());
        Same(file, "have this number of taps", Shapes.Count, fields.ReadInt32());
        foreach (long[] shape in Shapes)
        {
            Same(file, "have taps of this number of dimensions", shape.Length, fields.ReadInt32());
            foreach (long size in shape) Same(file, "have taps of this size", size, fields.ReadInt64());
        }
    }

    private static void Same<T>(SectionReader file, string constraint, T expected, T found)
        where T : IEquatable<T>
    {
        if (found.Equals(expected)) return;
        throw file.Error($"must {constraint}, {BadFile.Quote($"{expected}")}", BadFile.Quote($"{found}"));
    }

    private string? Broken()
    {
        if (BackboneHash.Length > LongestName || Key.Length > LongestName)
            return $"The names of a feature cache must have at most {LongestName} letters. Got more.";
        if (RowCount < 1) return $"rowCount must be at least 1. Got {RowCount}.";
        if (LongestText < 0) return $"longestText must be at least 0. Got {LongestText}.";
        if (Shapes.Count is 0 or > MostTaps) return $"shapes must be 1 to {MostTaps}. Got {Shapes.Count}.";
        double bytes = 0;
        foreach (long[] shape in Shapes)
        {
            if (shape.Length > MostDimensions || shape.Any(size => size < 1))
                return $"shapes must have up to {MostDimensions} sizes above 0. Got [{string.Join(", ", shape)}].";
            if (LongestText > 0 && shape.Length == 2 && shape[0] != LongestText)
                return $"shapes must have a row a token, {LongestText}. Got [{string.Join(", ", shape)}].";
            bytes += shape.Aggregate((double)NumberBytes, (product, size) => product * size);
        }

        double most = Array.MaxLength - RowHeaderBytes - RowAlignment;
        if (bytes > most)
            return $"shapes must take at most {Check.Shown(most)} bytes an example. Got {Check.Shown(bytes)}.";
        double total = (bytes + RowHeaderBytes + RowAlignment) * RowCount;
        return total < long.MaxValue / 2
            ? null
            : $"A feature cache must take less than 2^62 bytes. Got {Check.Shown(total)}.";
    }
}
