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

    [TestMethod]
    public void Run_that_is_cancelled_while_first_values_are_learnt_stops_behind_the_batch()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        using var stop = new CancellationTokenSource();
        var options = new LstOptions
        {
            Reduction = 4,
            Initialization = LstInitialization.Fisher,
            BatchSize = 4,
            CancellationToken = stop.Token,
        };
        var input = new CancellingInput(BackboneInputs.Of(backbone, options), stop, batches: 2);
        var random = new SeededRandom(1);
        using var model = new TunedModel(backbone, options.Create(backbone, random), 3, random);
        using IChannel channel = HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers)
            .Register("Test").Start("Test");
        IDataView view = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(24, seed: 1));
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        ExampleSource source = ExampleSource.Open(
            keyed, keyed.Schema["Label"], "Features", input, new RowSplit(0, 1), channel);

        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainingRun.Run(model, source, input, options, new TrainingLog(channel)));

        Assert.AreEqual(2, input.BatchCount);
    }

    /// <summary>Cancels while so many batches are made.</summary>
    private sealed class CancellingInput(BackboneInput inner, CancellationTokenSource stop, int batches) : BackboneInput
    {
        public int BatchCount { get; private set; }

        public override int RowLength => inner.RowLength;

        public override int TokenCount => inner.TokenCount;

        public override DataViewType ColumnType => inner.ColumnType;

        public override DataViewSchema.Column Find(DataViewSchema schema, string name) => inner.Find(schema, name);

        public override void Check(SchemaShape shape, string name) => inner.Check(shape, name);

        public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column) =>
            inner.CreateReader(row, column);

        public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device)
        {
            if (++BatchCount == batches) stop.Cancel();
            return inner.ToBatch(rows, count, device);
        }
    }
}
