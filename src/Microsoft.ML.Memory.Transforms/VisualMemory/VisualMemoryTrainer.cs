// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Trains a kNN visual memory: stores every labelled row; prediction lets the nearest entries vote.</summary>
/// <remarks>
/// <para>Score of class c = sum of w(j) over the neighbours j labelled c, divided by the sum of all w(j); the class
/// with the highest total wins. w is set by <see cref="VisualMemoryOptions.Vote"/> and multiplied by the entry's
/// weight.</para>
/// <para>Cost of a fit: one pass over the data; memory n·d floats. The data is read in its order.
/// Pruning, calibration and rejection search for every entry in turn: O(n²·d) more.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Geirhos, Jaini, Stone, Medapati, Yi, Toderici, Ogale, Shlens, "Towards flexible perception with visual
/// memory", ICML 2025, arXiv 2408.08172.</para>
/// <para>Differs from the paper: scores are normalised to sum to 1; neighbours at equal distance rank in the order in
/// which they were added; a memory smaller than the number of neighbours lets all its entries vote.</para>
/// </remarks>
public sealed class VisualMemoryTrainer : MemoryClassifierTrainer<VisualMemoryTransformer, BankSnapshot>
{
    /// <summary>Checks and keeps the options.</summary>
    internal VisualMemoryTrainer(IHostEnvironment environment, VisualMemoryOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public VisualMemoryOptions Options { get; }

    private protected override string LabelColumnName => Options.LabelColumnName;

    private protected override string FeatureColumnName => Options.FeatureColumnName;

    private protected override VisualMemoryTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel)
    {
        VisualMemoryOptions options = Options with { EncoderFingerprint = MarkOf(input) };
        var bank = new MemoryBank(dimension, Options.Metric);
        ClassTable classes = ExampleImport.Into(bank, input, options.Columns, label, known: null, channel);
        RequireLabelledRow(bank.Count);
        WarnOfSmallMemory(channel, bank, classes);
        BankSnapshot indexed = MemoryIndexing.Apply(bank.Snapshot(), Options.Index, Options.NeighborCount, channel);
        var memory = new VisualMemoryTransformer(Environment, options, indexed, classes);
        memory.FitTrust();
        return memory;
    }

    private protected override SchemaShape Shape(SchemaShape input, SchemaShape.Column label)
    {
        if (Options.CandidateColumnName is { } candidates)
            Columns.CheckVector(input, candidates, NumberDataViewType.Int64);
        return ClassifierColumns.Shape(
            input, label, Options.NeighborColumns, Options.Rejection is not null, Options.ClassMap is not null);
    }

    private void WarnOfSmallMemory(IChannel channel, MemoryBank bank, ClassTable classes)
    {
        if (bank.Count < Options.NeighborCount)
        {
            channel.Warning(
                MessageSensitivity.None,
                $"VisualMemoryOptions.NeighborCount should be at most the number of entries, {bank.Count}. "
                + $"Got {Options.NeighborCount}. All entries vote until more are added.");
        }

        if (classes.Count == 1)
        {
            channel.Warning(
                MessageSensitivity.None,
                "VisualMemoryTrainer should see at least two classes. Got 1. "
                + "Every prediction is that class until another is added.");
        }
    }
}
