// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>Trains a kNN visual memory: stores every labelled row; prediction lets the nearest entries vote.</summary>
/// <remarks>
/// <para>Score of class c = sum of w(j) over the neighbours j labelled c, divided by the sum of all w(j); the class
/// with the highest total wins. w is set by <see cref="VisualMemoryOptions.Vote"/> and multiplied by the entry's
/// weight.</para>
/// <para>Cost of <see cref="Fit"/>: one pass over the data; memory n·d floats. The data is read in its order.
/// Pruning, calibration and rejection search for every entry in turn: O(n²·d) more.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Geirhos, Jaini, Stone, Medapati, Yi, Toderici, Ogale, Shlens, "Towards flexible perception with visual
/// memory", ICML 2025, arXiv 2408.08172.</para>
/// <para>Differs from the paper: scores are normalised to sum to 1; neighbours at equal distance rank in the order in
/// which they were added; a memory smaller than the number of neighbours lets all its entries vote.</para>
/// </remarks>
public sealed class VisualMemoryTrainer : ITrainerEstimator<VisualMemoryTransformer, BankSnapshot>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal VisualMemoryTrainer(IHostEnvironment environment, VisualMemoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        _environment = environment;
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public VisualMemoryOptions Options { get; }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>Stores every labelled row of <paramref name="input"/>.</summary>
    /// <param name="input">
    /// The training data; rows whose label is missing are skipped, and a warning says how many.
    /// </param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an id is repeated.</exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a feature or weight is not a finite number (the message names the row), or a row's vector
    /// has another length than its column says.
    /// </exception>
    public VisualMemoryTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        DataViewSchema.Column label = Columns.Key(input.Schema, Options.LabelColumnName);
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        using IChannel channel = _environment.Register(nameof(VisualMemoryTrainer)).Start("Fit");
        var bank = new MemoryBank(((VectorDataViewType)features.Type).Size, Options.Metric);
        ClassTable classes = ExampleImport.Into(bank, input, Options.Columns, label, known: null, channel);
        if (bank.Count == 0)
        {
            throw new InvalidOperationException(
                "VisualMemoryTrainer.Fit must see at least one row with a label. Got none. "
                + $"Check the data and that column '{Options.LabelColumnName}' is mapped to keys.");
        }

        WarnOfSmallMemory(channel, bank, classes);
        var memory = new VisualMemoryTransformer(_environment, Options, bank.Snapshot(), classes);
        memory.FitTrust();
        return memory;
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        SchemaShape.Column label = Columns.CheckKey(inputSchema, Options.LabelColumnName);
        Columns.CheckFeatures(inputSchema, Options.FeatureColumnName);
        if (Options.CandidateColumnName is { } candidates) Columns.Find(inputSchema, candidates);
        return ClassifierColumns.Shape(
            inputSchema, label, Options.NeighborColumns, Options.Rejection is not null, Options.ClassMap is not null);
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
