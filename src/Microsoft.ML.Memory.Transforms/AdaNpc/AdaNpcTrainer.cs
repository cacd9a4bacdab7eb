// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Trains a classifier that goes on learning while it predicts: AdaNPC test-time adaptation.</summary>
/// <remarks>
/// <para>Stores every labelled row. The fitted transformer predicts each row of a stream by its nearest entries and
/// remembers it with the predicted label where the confidence reaches the threshold.</para>
/// <para>Cost of a fit: one pass over the data; memory n·d floats. The data is read in its order.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Zhang, Wang, Jin, Yuan, Zhang, Wang, Jin, Tan, ICML 2023, arXiv 2304.12566.</para>
/// <para>Differs from the paper: see docs/methods/adanpc.md.</para>
/// </remarks>
public sealed class AdaNpcTrainer : MemoryClassifierTrainer<AdaNpcTransformer, AdaptiveState>
{
    /// <summary>Checks and keeps the options.</summary>
    internal AdaNpcTrainer(IHostEnvironment environment, AdaNpcOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public AdaNpcOptions Options { get; }

    private protected override string LabelColumnName => Options.LabelColumnName;

    private protected override string FeatureColumnName => Options.FeatureColumnName;

    private protected override AdaNpcTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel)
    {
        AdaNpcOptions options = Options with { EncoderFingerprint = MarkOf(input) };
        var bank = new MemoryBank(dimension);
        ClassTable classes = ExampleImport.Into(bank, input, options.Columns, label, known: null, channel);
        RequireLabelledRow(bank.Count);
        WarnOfIdleAdaptation(channel, classes.Count);
        BankSnapshot indexed = MemoryIndexing.Apply(bank.Snapshot(), Options.Index, Options.NeighborCount, channel);
        AdaptiveState start = AdaptiveState.Start(indexed, classes.Count, Options.Seed);
        if (Options.MatchStatistics && indexed.Quantizer is not null)
            start = start.WithStatisticsOf(bank.Snapshot()); // codes have lost the lengths of the rows
        return new AdaNpcTransformer(Environment, options, start, classes);
    }

    private protected override SchemaShape Shape(SchemaShape input, SchemaShape.Column label)
    {
        SchemaShape shape = ClassifierColumns.Shape(input, label, Options.NeighborColumns);
        return Options.ConfidenceColumnName is not { } confidence
            ? shape
            : new SchemaShape(
            [
                .. shape.Where(column => column.Name != confidence),
                HostAccess.ShapeColumn(
                    confidence, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false),
            ]);
    }

    /// <summary>Says so where no prediction can ever be sure enough to be remembered.</summary>
    private void WarnOfIdleAdaptation(IChannel channel, int classCount)
    {
        double largest = Options.ConfidenceKind == ConfidenceKind.VoteProbability
            ? 1
            : Math.E / (Math.E + classCount - 1);
        if (Options.ConfidenceThreshold <= largest) return;
        channel.Warning(
            MessageSensitivity.None,
            $"AdaNpcOptions.ConfidenceThreshold should be at most {Check.Shown(largest)}, the largest confidence with "
            + $"{classCount} classes. Got {Check.Shown(Options.ConfidenceThreshold)}. No row will ever be remembered.");
    }
}
