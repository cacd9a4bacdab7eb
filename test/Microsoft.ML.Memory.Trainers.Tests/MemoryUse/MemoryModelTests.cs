// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

[TestClass]
public sealed class MemoryModelTests
{
    private const double Tolerance = 0.0501; // the table is rounded to a tenth

    // Shape, reductions of the ladder and of the readout, rank, bottleneck, prompts
    private static readonly (string Name, MemoryShape, int Ladder, int Readout, int Rank, int Width, int Prompts)[]
        _columns =
    [
        ("ViT-B/16", new(197, 768, 12, 12, 3072), 8, 8, 8, 64, 10),
        ("DINOv2-S/14", new(257, 384, 6, 12, 1536), 8, 8, 8, 64, 10),
        ("CLIP B/32", new(50, 768, 12, 12, 3072), 8, 8, 8, 64, 10),
        ("BERT-base", new(128, 768, 12, 12, 3072), 8, 8, 8, 64, 10),
        ("micro D64", new(65, 64, 4, 4, 256), 4, 4, 4, 16, 5),
        ("micro D128", new(65, 128, 4, 6, 512), 4, 4, 4, 16, 5),
    ];

    [TestMethod]
    [DataRow("full", "100 100 100 100 100 100")]
    [DataRow("checkpoints", "13.6 13.3 14.3 13.9 30.0 22.2")]
    [DataRow("bitfit", "63.3 65.0 58.3 61.1 65.1 61.2")]
    [DataRow("lora q,v", "68.7 70.2 64.4 66.8 70.7 67.1")]
    [DataRow("lora all", "100.3 100.6 100.4 100.3 101.9 101.0")]
    [DataRow("sequential adapter", "69.4 71.7 65.2 67.6 72.6 68.1")]
    [DataRow("parallel adapter", "64.2 66.7 59.3 62.0 67.6 62.6")]
    [DataRow("vpt", "67.4 68.4 71.1 66.8 71.8 66.8")]
    [DataRow("vqt concatenated", "63.6 65.3 59.5 61.6 66.1 62.1")]
    [DataRow("vqt", "11.0 10.4 13.8 11.9 11.4 12.6")]
    [DataRow("lst", "18.4 19.6 19.8 19.0 32.5 33.3")]
    [DataRow("lst with all heads", "33.2 36.3 24.0 29.2 47.7 41.8")]
    [DataRow("lst in three of four blocks", "13.8 14.7 14.8 14.2 24.4 22.2")]
    [DataRow("unipt", "7.1 6.8 8.1 7.5 9.4 9.8")]
    [DataRow("unipt of all tokens", "10.7 14.7 9.7 10.3 23.6 17.9")]
    [DataRow("sherl", "13.1 12.9 13.8 13.4 26.2 21.3")]
    [DataRow("s2a a", "21.7 21.2 22.9 22.2 21.2 22.2")]
    [DataRow("s2a a'", "25.0 23.8 28.4 26.5 24.0 26.5")]
    [DataRow("s2a b", "7.9 8.1 7.3 7.6 8.1 7.6")]
    [DataRow("s2a c", "35.8 38.8 27.0 31.9 38.9 32.1")]
    public void Ratio_equals_the_published_table(string method, string row)
    {
        double[] expected = [.. row.Split(' ').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        for (int i = 0; i < _columns.Length; i++)
        {
            double ratio = 100 * MemoryModel.Ratio(_columns[i].Item2, Method(method, i));

            Assert.AreEqual(expected[i], ratio, Tolerance, _columns[i].Name);
        }
    }

    [TestMethod]
    [DataRow(0, 138.5)]
    [DataRow(1, 94.8)]
    [DataRow(2, 30.9)]
    [DataRow(3, 84.9)]
    [DataRow(4, 1.335)]
    [DataRow(5, 3.600)]
    public void Expected_of_full_fine_tuning_equals_the_published_megabytes(int column, double megabytes)
    {
        double actual = 4e-6 * MemoryModel.Expected(_columns[column].Item2, MemoryMethod.Full);

        Assert.AreEqual(megabytes, actual, column < 4 ? 0.051 : 0.00051);
    }

    [TestMethod]
    public void Expected_equals_the_worked_examples()
    {
        MemoryShape shape = _columns[0].Item2;

        Assert.AreEqual(2_886_444, MemoryMethod.Full.PerBlock(shape));
        Assert.AreEqual(1_981_820, MemoryMethod.LoraQueryValue(8).PerBlock(shape));
        Assert.AreEqual(625_574, MemoryMethod.S2a.PerBlock(shape), 0.5);
        Assert.AreEqual(315_708, MemoryMethod.Queries(1).PerBlock(shape));
        Assert.AreEqual(530_521, MemoryMethod.Ladder(8).PerBlock(shape));
        Assert.AreEqual(0.041, MemoryModel.Ratio(shape, MemoryMethod.R2(256, 4)), 0.0005);
        Assert.IsTrue(MemoryModel.Ratio(shape, MemoryMethod.LinearProbe) < 0.0001);
    }

    [TestMethod]
    public void Expected_of_prefixes_of_no_length_is_that_of_biases()
    {
        MemoryShape shape = _columns[0].Item2;

        Assert.AreEqual(MemoryMethod.BitFit.PerBlock(shape), MemoryMethod.Prefixes(0).PerBlock(shape));
        Assert.AreEqual(
            MemoryMethod.BitFit.PerBlock(shape) + (12 * 197 * 3) + (2 * 3 * 768),
            MemoryMethod.Prefixes(3).PerBlock(shape));
    }

    [TestMethod]
    [DataRow(ActivationSaving.All, 63.3 + 2.0)]
    [DataRow(ActivationSaving.FourBit, 21.7 + 1.3)]
    [DataRow(ActivationSaving.FourBitEverything, 7.9 + 1.3)]
    [DataRow(ActivationSaving.Checkpoints, 5.2 + 2.0 + (63.3 / 12))]
    public void Ratio_of_S2A_counts_its_side_branch(ActivationSaving saving, double expected)
    {
        var options = new S2aOptions { SavedActivations = saving };

        double ratio = MemoryModel.Ratio(_columns[0].Item2, MemoryMethod.Of(options, new BackboneConfig()));

        Assert.AreEqual(expected, 100 * ratio, 0.12);
    }

    [TestMethod]
    public void PeakBytes_of_a_large_batch_equals_the_published_gigabytes()
    {
        const long parameters = 86_567_656;
        MemoryShape shape = _columns[0].Item2;

        double full = MemoryModel.PeakBytes(
            parameters, parameters, MemoryModel.Expected(shape, MemoryMethod.Full), 32);
        double s2a = MemoryModel.PeakBytes(
            parameters, parameters * 9 / 1000, MemoryModel.Expected(shape, MemoryMethod.S2a), 32);

        Assert.AreEqual(5.81, full * 1e-9, 0.02);
        Assert.AreEqual(4.4, full / s2a, 0.05);
    }

    [TestMethod]
    public void Of_a_backbone_counts_registers_and_the_class_token()
    {
        var config = new BackboneConfig
        {
            Kind = BackboneKind.Dinov2,
            ImageSize = 56,
            PatchSize = 14,
            RegisterCount = 4,
        };

        Assert.AreEqual(
            new MemoryShape(21, 768, 12, 12, 3072) { HasLayerScale = true }, MemoryShape.Of(config));
        Assert.AreEqual(
            128, MemoryShape.Of(new BackboneConfig { Kind = BackboneKind.Bert }, tokens: 128).Tokens);
    }

    private static MemoryMethod Method(string name, int column)
    {
        (_, MemoryShape shape, int ladder, int readout, int rank, int width, int prompts) = _columns[column];
        return name switch
        {
            "full" => MemoryMethod.Full,
            "checkpoints" => MemoryMethod.Checkpoints,
            "bitfit" => MemoryMethod.BitFit,
            "lora q,v" => MemoryMethod.LoraQueryValue(rank),
            "lora all" => MemoryMethod.LoraAllLinears(rank),
            "sequential adapter" => MemoryMethod.SequentialAdapter(width),
            "parallel adapter" => MemoryMethod.ParallelAdapter(width),
            "vpt" => MemoryMethod.DeepPrompts(prompts),
            "vqt concatenated" => MemoryMethod.ConcatenatedQueries(1),
            "vqt" => MemoryMethod.Queries(1),
            "lst" => MemoryMethod.Ladder(ladder),
            "lst with all heads" => MemoryMethod.Ladder(ladder, keepHeads: true),
            "lst in three of four blocks" => MemoryMethod.Ladder(ladder, share: 0.75),
            "unipt" => MemoryMethod.UniPt(shape.Width / readout),
            "unipt of all tokens" => MemoryMethod.UniPt(shape.Width / readout, allTokens: true),
            "sherl" => MemoryMethod.Sherl(shape.Width / readout),
            "s2a a" => MemoryMethod.S2a,
            "s2a a'" => MemoryMethod.S2aFused,
            "s2a b" => MemoryMethod.S2aEverything,
            "s2a c" => MemoryMethod.S2aExactAttention,
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}
