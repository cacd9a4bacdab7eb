// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;
using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class CodeReaderTests
{
    /// <summary>Weights and keys are single precision.</summary>
    private const double Single = 1e-5;

    private static readonly GoldenReaders _golden = GoldenFiles.Json<GoldenReaders>("mbc/readers.json");

    [TestMethod]
    public void Histogram_reader_equals_reference()
    {
        AssertRead(_golden.HistogramReader.Gamma0, new HistogramReader(Bank(), 0));
        AssertRead(_golden.HistogramReader.GammaHalf, new HistogramReader(Bank(), 0.5));
        AssertRead(_golden.HistogramReader.Gamma20, new HistogramReader(Bank(), 20));
    }

    [TestMethod]
    public void Histogram_reader_after_removal_equals_reference()
    {
        CompressedBank bank = Bank().Remove([.. Enumerable.Range(0, 10).Select(id => (long)id)]);

        AssertRead(_golden.HistogramReader.GammaHalfAfterRemoving, new HistogramReader(bank, 0.5));
    }

    [TestMethod]
    public void Bank_counts_equal_reference()
    {
        CompressedBank bank = Bank();
        CollectionAssert.AreEqual(
            _golden.CodeCounts, Enumerable.Range(0, bank.Codebook.Count).Select(bank.CountOf).ToArray());
        for (int code = 0; code < bank.Codebook.Count; code++)
        {
            CollectionAssert.AreEqual(
                Array.ConvertAll(_golden.LabelHistogram[code], count => (long)count), bank.HistogramOf(code).ToArray());
        }
    }

    [TestMethod]
    public void Attention_votes_of_every_head_equal_reference()
    {
        var reader = new AttentionReader(Bank(), Weights(correction: null));
        double[] votes = new double[_golden.Attention.Heads * _golden.Classes];
        for (int query = 0; query < _golden.Queries.Length; query++)
        {
            reader.ReadHeads(
                GoldenArrays.Floats([_golden.Queries[query]]), votes, new double[Bank().UsedCodeCount]);
            for (int head = 0; head < _golden.Attention.Heads; head++)
            {
                Approx.AssertEqual(
                    _golden.Attention.LabelVotePerHead[head][query],
                    votes[(head * _golden.Classes)..((head + 1) * _golden.Classes)],
                    Single,
                    $"query {query}, head {head}");
            }
        }
    }

    [TestMethod]
    public void T4_4_attention_over_codes_equals_attention_over_every_entry()
    {
        AttentionWeights weights = new() { HeadDimension = 3, Scale = 2.5 };
        var reader = new AttentionReader(Bank(), weights);
        double[] scores = new double[_golden.Classes];
        foreach (double[] query in _golden.Queries)
        {
            double[] expanded = new double[_golden.Codes.Length];
            for (int entry = 0; entry < expanded.Length; entry++)
                expanded[entry] = 2.5 * query.Zip(_golden.Codebook[_golden.Codes[entry]], (q, e) => q * e).Sum();
            Softmax.Of(expanded);
            double[] expected = new double[_golden.Classes];
            for (int entry = 0; entry < expanded.Length; entry++) expected[_golden.Labels[entry]] += expanded[entry];

            reader.Read(GoldenArrays.Floats([query]), scores, new double[reader.ScratchLength]);

            Approx.AssertEqual(expected, scores, Single, "scores");
        }
    }

    [TestMethod]
    public void T4_9_a_correction_with_a_zero_half_changes_nothing_and_another_does()
    {
        GoldenLowRank golden = _golden.Lora;
        int length = _golden.Attention.Heads * _golden.Attention.HeadDim;
        float[] up = GoldenArrays.Floats(golden.B)[..(length * golden.R)];
        var none = new AttentionReader(Bank(), Weights(correction: null));
        var zero = new AttentionReader(
            Bank(), Weights(new CodeCorrection(
                GoldenArrays.Floats(golden.A), new float[up.Length], new float[3 * golden.R], golden.R, 4)));
        var some = new AttentionReader(
            Bank(), Weights(new CodeCorrection(GoldenArrays.Floats(golden.A), up, [], golden.R, golden.Alpha)));

        CollectionAssert.AreEqual(Read(none), Read(zero));
        CollectionAssert.AreNotEqual(Read(none), Read(some));
    }

    [TestMethod]
    public void Numbers_near_the_end_of_single_precision_give_scores()
    {
        float[] codes = [3e38f, 3e38f, -3e38f, 3e38f, 1, -3e38f];
        var bank = new CompressedBank(
            new Codebook(new CodebookSettings { NormalizeFeatures = false }, codes, 2),
            classCount: 2,
            codes: [0, 1, 2],
            labels: [0, 1, 1],
            ids: [0, 1, 2],
            nextId: 3);
        foreach (ICodeReader reader in (ICodeReader[])
        [
            new HistogramReader(bank, 20),
            new AttentionReader(bank, new AttentionWeights { HeadDimension = 2, Scale = 40 }),
        ])
        {
            double[] scores = new double[2];
            reader.Read([3e38f, 3e38f], scores, new double[reader.ScratchLength]);

            CollectionAssert.AreEqual(new double[] { 1, 0 }, scores);
        }
    }

    [TestMethod]
    public void Correction_of_votes_keeps_to_the_classes_that_have_any()
    {
        var correction = new CodeCorrection([1], [0], [1e6f, -1e6f, 2e6f], rank: 1, alpha: 1);
        double[] votes = [0, 0.5, 0, 0.5], few = [0.25, 0.25, 0.25, 0.25];

        correction.Correct([1], votes);
        new CodeCorrection([1], [0], [0, MathF.Log(3)], 1, 1).Correct([1], few);

        CollectionAssert.AreEqual(new double[] { 0, 0, 0, 1 }, votes);
        Approx.AssertEqual([1 / 6.0, 0.5, 1 / 6.0, 1 / 6.0], few, Approx.Float, "votes");
    }

    [TestMethod]
    public void Correction_that_overflows_a_key_is_found()
    {
        var codebook = new Codebook(new CodebookSettings(), [1, 0, 0, 1e30f], 2);

        Assert.IsNull(new CodeCorrection([1, 1], [1, 1], [], 1, 1).FindOverflow(codebook));
        Assert.AreEqual(1, new CodeCorrection([1, 1e10f], [1, 1], [], 1, 1).FindOverflow(codebook));
        Assert.AreEqual(0, new CodeCorrection([1e30f, 0], [1e30f, 0], [], 1, 1).FindOverflow(codebook));
    }

    [TestMethod]
    public void Correction_added_to_a_key_is_the_product_of_its_halves()
    {
        GoldenLowRank golden = _golden.Lora;
        double[] code = _golden.Codebook[0];
        float[] key = new float[_golden.Attention.Heads * _golden.Attention.HeadDim];

        float[] inner = new float[golden.R];
        var correction = new CodeCorrection(
            GoldenArrays.Floats(golden.A),
            GoldenArrays.Floats(golden.B)[..(key.Length * golden.R)],
            [],
            golden.R,
            golden.Alpha);
        correction.BringDown(GoldenArrays.Floats([code]), inner);
        correction.AddTo(inner, key);

        for (int index = 0; index < key.Length; index++)
        {
            double expected = 0;
            for (int r = 0; r < golden.R; r++)
                expected += golden.Alpha / golden.R * golden.B[index][r] * golden.A[r].Zip(code, (a, x) => a * x).Sum();
            Assert.AreEqual(expected, key[index], Single);
        }
    }

    [TestMethod]
    public void Gradients_of_the_correction_are_those_of_the_loss()
    {
        CompressedBank bank = Bank();
        var trainer = new CorrectionTrainer(bank, scale: 0.7, rank: 2, alpha: 4, seed: 3);
        float[] rows = GoldenArrays.Floats(_golden.Queries);
        int[] places = [3, 1, 4, 15, 9, 26];
        for (int step = 0; step < 3; step++) trainer.Step(rows, places, 0.05);
        trainer.Differentiate(rows, places);
        float[][] gradients = [.. trainer.Learned.Select(learned => (float[])[.. learned.Gradients])];

        for (int index = 0; index < gradients.Length; index++)
            AssertSlopes(trainer, trainer.Learned[index].Values, gradients[index], rows, places);
    }

    [TestMethod]
    public void Corrected_votes_are_those_that_the_trainer_judged()
    {
        CompressedBank bank = Bank();
        var trainer = new CorrectionTrainer(bank, scale: 0.7, rank: 2, alpha: 4, seed: 3);
        float[] rows = GoldenArrays.Floats(_golden.Queries);
        int[] places = [3, 1, 4, 15, 9, 26];
        for (int step = 0; step < 20; step++) trainer.Step(rows, places, 0.05);

        double expected = 0;
        for (int row = 0; row < places.Length; row++)
        {
            (int label, int code) = bank.EntryAt(places[row]);
            var reader = new AttentionReader(
                bank.Remove(places[row]),
                new AttentionWeights { HeadDimension = 3, Scale = 0.7, Correction = trainer.Correction });
            double[] scores = new double[_golden.Classes];
            reader.Read(rows.AsSpan(row * 3, 3), scores, new double[reader.ScratchLength]);
            Assert.AreEqual(1, scores.Sum(), Approx.Float);
            expected -= Math.Log(scores[label]) / places.Length;
        }

        Assert.AreEqual(expected, trainer.Differentiate(rows, places), Single);
    }

    [TestMethod]
    public void Learning_the_correction_lowers_the_loss()
    {
        var trainer = new CorrectionTrainer(Bank(), scale: 0.7, rank: 2, alpha: 4, seed: 3);
        float[] rows = GoldenArrays.Floats(_golden.Queries);
        int[] places = [3, 1, 4, 15, 9, 26];
        double before = trainer.Differentiate(rows, places);

        for (int step = 0; step < 100; step++) trainer.Step(rows, places, 0.02);

        Assert.IsLessThan(0.9 * before, trainer.Differentiate(rows, places));
    }

    private static void AssertSlopes(
        CorrectionTrainer trainer, float[] values, float[] gradients, float[] rows, int[] places)
    {
        const float Step = 1e-2f;
        for (int index = 0; index < values.Length; index++)
        {
            float value = values[index];
            values[index] = value + Step;
            double above = trainer.Differentiate(rows, places);
            values[index] = value - Step;
            double below = trainer.Differentiate(rows, places);
            values[index] = value;

            // Central differences are off by the square of the step.
            Assert.AreEqual((above - below) / (2 * Step), gradients[index], 2e-3, $"place {index}");
        }
    }

    private static CompressedBank Bank() => new(
        new Codebook(
            new CodebookSettings { NormalizeFeatures = false }, GoldenArrays.Floats(_golden.Codebook), 3),
        _golden.Classes,
        _golden.Codes,
        _golden.Labels,
        [.. Enumerable.Range(0, _golden.Codes.Length).Select(id => (long)id)],
        _golden.Codes.Length);

    private static AttentionWeights Weights(CodeCorrection? correction) => new()
    {
        HeadCount = _golden.Attention.Heads,
        HeadDimension = _golden.Attention.HeadDim,
        Scale = 1 / Math.Sqrt(_golden.Attention.HeadDim),
        Query = GoldenArrays.Floats(_golden.Attention.Wq),
        Key = GoldenArrays.Floats(_golden.Attention.Wk),
        Correction = correction,
    };

    private static double[] Read(AttentionReader reader)
    {
        double[] scores = new double[_golden.Classes];
        reader.Read(GoldenArrays.Floats([_golden.Queries[0]]), scores, new double[reader.ScratchLength]);
        return scores;
    }

    private static void AssertRead(double[][] expected, ICodeReader reader)
    {
        double[] scores = new double[_golden.Classes];
        for (int query = 0; query < expected.Length; query++)
        {
            reader.Read(
                GoldenArrays.Floats([_golden.Queries[query]]), scores, new double[reader.ScratchLength]);
            Approx.AssertEqual(expected[query], scores, Single, $"query {query}");
        }
    }

    private sealed record GoldenReaders(
        double[][] Codebook,
        int[] Codes,
        int[] Labels,
        int Classes,
        double[][] Queries,
        long[] CodeCounts,
        double[][] LabelHistogram,
        GoldenHistogram HistogramReader,
        GoldenAttention Attention,
        GoldenLowRank Lora);

    private sealed record GoldenHistogram(
        [property: JsonPropertyName("g=0")] double[][] Gamma0,
        [property: JsonPropertyName("g=0.5")] double[][] GammaHalf,
        [property: JsonPropertyName("g=20")] double[][] Gamma20,
        [property: JsonPropertyName("g=0.5 after removing entries 0..9")] double[][] GammaHalfAfterRemoving);

    private sealed record GoldenAttention(
        int Heads, int HeadDim, double[][] Wq, double[][] Wk, double[][][] LabelVotePerHead);

    private sealed record GoldenLowRank(int R, double Alpha, double[][] A, double[][] B);
}
