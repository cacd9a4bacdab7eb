// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Training;

/// <summary>Examples that a method looks at before its first step.</summary>
[TestClass]
public sealed class FirstValuesTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestMethod]
    public void Run_that_is_cancelled_while_first_values_are_learnt_stops_behind_the_batch()
    {
        using var stop = new CancellationTokenSource();
        LstOptions options = Options with { CancellationToken = stop.Token };
        var seen = new List<float[][]>();

        Assert.ThrowsExactly<OperationCanceledException>(() => Run(options, TinyImages.Draw(24, seed: 1), rows =>
        {
            seen.Add(rows);
            if (seen.Count == 2) stop.Cancel();
        }));

        Assert.HasCount(2, seen);
    }

    [TestMethod]
    public void Run_learns_first_values_of_as_many_examples_as_asked_drawn_from_all()
    {
        TinyImage[] sorted = [.. TinyImages.Draw(24, seed: 1).OrderBy(i => i.Label)];
        var seen = new List<float[][]>();

        Run(Options with { FisherExampleCount = 6, EpochCount = 1 }, sorted, seen.Add);

        CollectionAssert.AreEqual(new[] { 4, 2, 4 }, seen.Take(3).Select(rows => rows.Length).ToArray());
        Assert.HasCount(3, seen[0].Concat(seen[1]).Select(ClassOf).Distinct());
    }

    [TestMethod]
    public void Run_that_goes_on_from_a_checkpoint_does_not_learn_first_values_again()
    {
        using var folder = new TemporaryFolder();
        LstOptions options = Options with { EpochCount = 1, CheckpointPath = folder.File("checkpoint") };
        TinyImage[] images = TinyImages.Draw(24, seed: 1);
        var seen = new List<float[][]>();
        Run(options, images, seen.Add);
        Assert.IsNotEmpty(seen);
        seen.Clear();

        Run(options, images, seen.Add);

        Assert.IsEmpty(seen);
    }

    private static LstOptions Options => new()
    {
        Reduction = 4,
        Initialization = LstInitialization.Fisher,
        BatchSize = 4,
    };

    // The class whose part of the image is bright.
    private static int ClassOf(float[] pixels) =>
        Enumerable.Range(0, TinyImages.Names.Length).MaxBy(c => pixels.Skip(16 * c).Take(16).Sum());

    private void Run(LstOptions options, TinyImage[] images, Action<float[][]> watch)
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        var input = new WatchedInput(BackboneInputs.Of(backbone, options), watch);
        var random = new SeededRandom(1);
        using var model = new TunedModel(backbone, options.Create(backbone, random), 3, random);
        using IChannel channel = HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers)
            .Register("Test").Start("Test");
        IDataView view = _mlContext.Data.LoadFromEnumerable(images);
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        ExampleSource source = ExampleSource.Open(
            keyed, keyed.Schema["Label"], "Features", input, new RowSplit(0, 1), channel);
        TrainingRun.Run(model, source, input, options, new TrainingLog(channel));
    }

    /// <summary>Shows the rows of every batch.</summary>
    private sealed class WatchedInput(BackboneInput inner, Action<float[][]> watch) : BackboneInput
    {
        public override int RowLength => inner.RowLength;

        public override int TokenCount => inner.TokenCount;

        public override DataViewType ColumnType => inner.ColumnType;

        public override DataViewSchema.Column Find(DataViewSchema schema, string name) => inner.Find(schema, name);

        public override void Check(SchemaShape shape, string name) => inner.Check(shape, name);

        public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column) =>
            inner.CreateReader(row, column);

        public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device)
        {
            watch([.. rows.ToArray().Chunk(RowLength)]);
            return inner.ToBatch(rows, count, device);
        }
    }
}
