// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads codebooks, and the codes of a bank, each as a section.</summary>
internal static class QuantizedFormat
{
    private const int CentroidCount = ProductQuantizer.CentroidCount;
    private const int PieceBytes = 1 << 20;

    public static void WriteCentroids(SectionWriter writer, ProductQuantizer quantizer)
        => writer.Write("centroids", quantizer.Centroids.ToArray());

    /// <param name="reader">Where the content comes from.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="subspaceCount">m, in [1, d].</param>
    /// <exception cref="InvalidDataException">The content breaks a rule.</exception>
    public static ProductQuantizer ReadCentroids(SectionReader reader, int dimension, int subspaceCount)
    {
        int most = Array.MaxLength / CentroidCount;
        if (dimension > most)
            throw reader.Error($"must be followed by centroids for at most {most} values", $"{dimension}");
        float[] centroids = reader.RequireFinite(reader.ReadAll<float>("centroids", dimension * CentroidCount));
        return new ProductQuantizer(centroids, dimension, subspaceCount);
    }

    /// <summary>Writes the codes of rows, [n, m].</summary>
    public static void WriteCodes(SectionWriter writer, List<KeyRun> runs, int codeBytes)
    {
        byte[] codes = new byte[runs.Count == 0 ? 0 : runs.Max(run => run.Count) * codeBytes];
        writer.Write("codes", runs.Sum(run => (long)run.Count) * codeBytes, runs.Count, index =>
        {
            KeyRun run = runs[index];
            for (int row = 0; row < run.Count; row++)
                run.Segment.Quantized!.CopyTo(run.Start + row, codes.AsSpan(row * codeBytes, codeBytes));
            return codes.AsSpan(0, run.Count * codeBytes);
        });
    }

    /// <summary>Reads the codes of all rows of segments, and gives these.</summary>
    /// <exception cref="InvalidDataException">The content is not as long as it must be.</exception>
    public static List<EntrySegment> ReadCodes(
        SectionReader reader, int count, BankQuantizer quantizer, IEnumerable<EntrySegment> segments)
    {
        int codeBytes = quantizer.CodeBytes;
        long length = reader.Begin("codes");
        if (length != (long)count * codeBytes)
        {
            throw reader.Error(
                $"must hold {(long)count * codeBytes} bytes for [{count}, {codeBytes}] codes", $"{length}");
        }

        byte[] codes = new byte[PieceBytes / codeBytes * codeBytes];
        var read = new List<EntrySegment>();
        foreach (EntrySegment segment in segments)
        {
            for (int start = 0, rows; start < segment.Capacity; start += rows)
            {
                rows = Math.Min(codes.Length / codeBytes, segment.Capacity - start);
                reader.Read(codes.AsSpan(0, rows * codeBytes));
                for (int row = 0; row < rows; row++)
                    segment.Quantized!.Set(start + row, codes.AsSpan(row * codeBytes, codeBytes));
            }

            read.Add(segment);
        }

        reader.End();
        return read;
    }
}
