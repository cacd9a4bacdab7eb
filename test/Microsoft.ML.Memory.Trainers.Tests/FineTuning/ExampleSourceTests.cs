// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>Rows that are held and rows that are streamed through a pool.</summary>
[TestClass]
public sealed class ExampleSourceTests
{
    private const int RowBytes = 64 * sizeof(float);
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(1 << 20)]
    [DataRow(7 * RowBytes)]
    [DataRow(1)]
    public void Batches_give_every_row_once_in_an_order_that_follows_from_the_seed(int heldBytes)
    {
        ExampleSource source = Open(heldBytes);

        long[] one = Positions(source, false, new SeededRandom(3));
        long[] again = Positions(source, false, new SeededRandom(3));
        long[] other = Positions(source, false, new SeededRandom(4)), held = Positions(source, true, null);

        CollectionAssert.AreEqual(one, again);
        CollectionAssert.AreEquivalent(one, other);
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 50).Select(i => (long)i).ToArray(), one.Concat(held).ToArray());
        CollectionAssert.AreEqual(held.Order().ToArray(), held, "without an order they come as in the view");
        Assert.AreEqual(source.HeldOutCount, held.Length);
        if (heldBytes > 1) CollectionAssert.AreNotEqual(one, other, "another seed is another order");
    }

    [TestMethod]
    [DataRow(1 << 20)]
    [DataRow(7 * RowBytes)]
    public void Batches_give_each_position_its_own_pixels_and_label(int heldBytes)
    {
        TinyImage[] images = TinyImages.Draw(50, seed: 1);

        foreach (ExampleBatch batch in Open(heldBytes).Batches(false, 8, new SeededRandom(3)))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TinyImage image = images[batch.Positions[i]];
                CollectionAssert.AreEqual(image.Features, batch.Rows.Slice(i * 64, 64).ToArray());
                Assert.AreEqual(Array.IndexOf(TinyImages.Names, image.Label), (int)batch.Labels[i]);
            }
        }
    }

    [TestMethod]
    public void Run_over_streamed_rows_gives_the_same_bits_every_time()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        using TunedModel one = Train(backbone), other = Train(backbone);

        Tensors.AssertSame(one, other);
    }

    private TunedModel Train(Backbone backbone)
    {
        LoraOptions options = TinyImages.Options with { EpochCount = 2 };
        var random = new SeededRandom(options.Seed);
        var model = new TunedModel(backbone, options.Create(backbone, random), 3, random);
        using IChannel channel = HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers)
            .Register("Test").Start("Test");
        TrainingRun.Run(
            model, Open(7 * RowBytes), BackboneInputs.Of(backbone, options), options, new TrainingLog(channel));
        return model;
    }

    private ExampleSource Open(long heldBytes)
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(50, seed: 1));
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        DataViewSchema.Column label = keyed.Schema["Label"];
        var input = new PixelInput(
            TinyImages.Config, BackboneInputs.PlanOf(TinyImages.Config, new ImageInputOptions()));
        using IChannel channel = HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers)
            .Register("Test").Start("Test");
        return ExampleSource.Open(keyed, label, "Features", input, new RowSplit(0.2, 1), channel, heldBytes);
    }

    private static long[] Positions(ExampleSource source, bool heldOut, SeededRandom? order)
    {
        var positions = new List<long>();
        foreach (ExampleBatch batch in source.Batches(heldOut, 8, order)) positions.AddRange(batch.Positions);
        return [.. positions];
    }
}
