// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class MnistCompressionTests
{
    private const int EntryCount = 2000;
    private const int QueryCount = 500;

    [TestMethod]
    public void Codes_come_near_the_whole_bank_and_far_above_codes_that_are_never_reset()
    {
        (float[] rows, int[] labels) = MnistDigits.Train(EntryCount);
        (float[] queries, int[] truth) = MnistDigits.Test(QueryCount);
        CodebookSettings settings = new() { CodeCount = 128, BatchSize = 64 };

        int whole = CorrectByNearest(rows, labels, queries, truth);
        (int compressed, CompressedBank bank) = CorrectByCodes(settings, rows, labels, queries, truth);
        (int unreset, _) = CorrectByCodes(
            settings with { Reset = CodeReset.Never }, rows, labels, queries, truth);

        Assert.IsGreaterThan(whole - (QueryCount * 8 / 100), compressed, $"whole {whole}");
        Assert.IsGreaterThan(unreset + (QueryCount * 5 / 100), compressed, $"without resets {unreset}");
        Assert.IsGreaterThan(100, bank.UsedCodeCount);
        Assert.IsLessThan(EntryCount * MnistDigits.Dimension * sizeof(float) / 1000, bank.IndexBytes);
    }

    private static (int Correct, CompressedBank Bank) CorrectByCodes(
        CodebookSettings settings, float[] rows, int[] labels, float[] queries, int[] truth)
    {
        Codebook codebook = Codebook.Train(rows, MnistDigits.Dimension, settings);
        CompressedBank bank = new CompressedBank(codebook, MnistDigits.ClassCount)
            .Add(rows, labels, MnistDigits.ClassCount);
        var reader = new HistogramReader(bank, gamma: 20);
        float[] prepared = [.. queries];
        Codebook.Prepare(prepared, MnistDigits.Dimension, settings);
        double[] scores = new double[MnistDigits.ClassCount], scratch = new double[reader.ScratchLength];
        int correct = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            reader.Read(prepared.AsSpan(row * MnistDigits.Dimension, MnistDigits.Dimension), scores, scratch);
            if (Array.IndexOf(scores, scores.Max()) == truth[row]) correct++;
        }

        return (correct, bank);
    }

    private static int CorrectByNearest(float[] rows, int[] labels, float[] queries, int[] truth)
    {
        var bank = new MemoryBank(MnistDigits.Dimension);
        bank.AddRange(rows, labels);
        var neighbors = new NeighborTable();
        bank.Snapshot().Search(queries, 1, neighbors);
        return Enumerable.Range(0, truth.Length).Count(row => labels[neighbors.PositionsOf(row)[0]] == truth[row]);
    }
}
