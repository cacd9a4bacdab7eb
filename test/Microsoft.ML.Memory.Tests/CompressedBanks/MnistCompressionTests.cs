// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Memory.Tests.Indexes;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class MnistCompressionTests
{
    private const int Pixels = 28 * 28;
    private const int ClassCount = 10;
    private const int EntryCount = 2000;
    private const int QueryCount = 500;

    [TestMethod]
    public void Codes_come_near_the_whole_bank_and_far_above_codes_that_are_never_reset()
    {
        float[] rows = Images("train", EntryCount), queries = Images("t10k", QueryCount);
        int[] labels = Labels("train", EntryCount), truth = Labels("t10k", QueryCount);
        CodebookSettings settings = new() { CodeCount = 128, BatchSize = 64 };

        int whole = CorrectByNearest(rows, labels, queries, truth);
        (int compressed, CompressedBank bank) = CorrectByCodes(settings, rows, labels, queries, truth);
        (int unreset, _) = CorrectByCodes(
            settings with { Reset = CodeReset.Never }, rows, labels, queries, truth);

        Assert.IsGreaterThan(whole - (QueryCount * 8 / 100), compressed, $"whole {whole}");
        Assert.IsGreaterThan(unreset + (QueryCount * 5 / 100), compressed, $"without resets {unreset}");
        Assert.IsGreaterThan(100, bank.UsedCodeCount);
        Assert.IsLessThan(EntryCount * Pixels * sizeof(float) / 1000, bank.IndexBytes);
    }

    private static (int Correct, CompressedBank Bank) CorrectByCodes(
        CodebookSettings settings, float[] rows, int[] labels, float[] queries, int[] truth)
    {
        CompressedBank bank = new CompressedBank(Codebook.Train(rows, Pixels, settings), ClassCount)
            .Add(rows, labels, ClassCount);
        var reader = new HistogramReader(bank, gamma: 20);
        float[] prepared = [.. queries];
        Codebook.Prepare(prepared, Pixels, settings);
        double[] scores = new double[ClassCount], scratch = new double[reader.ScratchLength];
        int correct = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            reader.Read(prepared.AsSpan(row * Pixels, Pixels), scores, scratch);
            if (Array.IndexOf(scores, scores.Max()) == truth[row]) correct++;
        }

        return (correct, bank);
    }

    private static int CorrectByNearest(float[] rows, int[] labels, float[] queries, int[] truth)
    {
        var bank = new MemoryBank(Pixels);
        bank.AddRange(rows, labels);
        var neighbors = new NeighborTable();
        bank.Snapshot().Search(queries, 1, neighbors);
        return Enumerable.Range(0, truth.Length).Count(row => labels[neighbors.PositionsOf(row)[0]] == truth[row]);
    }

    private static float[] Images(string part, int count)
        => Array.ConvertAll(
            Read($"data/mnist/{part}-images-idx3-ubyte.gz", 16, count * Pixels), pixel => (float)pixel);

    private static int[] Labels(string part, int count)
        => Array.ConvertAll(Read($"data/mnist/{part}-labels-idx1-ubyte.gz", 8, count), label => (int)label);

    private static byte[] Read(string file, int headerBytes, int count)
    {
        using var stream = new GZipStream(File.OpenRead(SharedFolder.PathOf(file)), CompressionMode.Decompress);
        byte[] bytes = new byte[headerBytes + count];
        stream.ReadExactly(bytes);
        return bytes[headerBytes..];
    }
}
