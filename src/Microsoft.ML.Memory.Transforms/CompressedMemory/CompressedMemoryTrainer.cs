// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>Trains a compressed memory, which keeps a few bits of every example: the index of its code.</summary>
/// <remarks>
/// <para>First a codebook is trained on the features, without their labels; then every row is added by the index of its
/// nearest code; then, for attention, a low-rank correction of the keys is learned.</para>
/// <para>Cost: Epochs searches of all rows among the codes; the data is read once and kept in memory meanwhile, n · d
/// floats. What stays is a codebook, K · d floats, and ceil(log2 K) bits, a class and an id an entry.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756.</para>
/// <para>Differs from the paper: see docs/methods/compressed-memory.md.</para>
/// </remarks>
public sealed class CompressedMemoryTrainer : ITrainerEstimator<CompressedMemoryTransformer, CompressedBank>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal CompressedMemoryTrainer(IHostEnvironment environment, CompressedMemoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        _environment = environment;
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public CompressedMemoryOptions Options { get; }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>Trains the codebook and adds every labelled row.</summary>
    /// <param name="input">
    /// The training data; rows whose label is missing are skipped, and a warning says how many.
    /// </param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an id is repeated.</exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a feature is not a finite number (the message names the row), or a row's vector has another
    /// length than its column says.
    /// </exception>
    public CompressedMemoryTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        DataViewSchema.Column label = Columns.Key(input.Schema, Options.LabelColumnName);
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        int dimension = ((VectorDataViewType)features.Type).Size;
        using IChannel channel = _environment.Register(nameof(CompressedMemoryTrainer)).Start("Fit");
        LabelledRows rows = LabelledRows.Read(input, Options.Columns, label, null, dimension, channel);
        if (rows.Labels.Length == 0)
        {
            throw new InvalidOperationException(
                "CompressedMemoryTrainer.Fit must see at least one row with a label. Got none. "
                + $"Check the data and that column '{Options.LabelColumnName}' is mapped to keys.");
        }

        Codebook codebook = Codebook.Train(rows.Features, dimension, Options);
        CompressedBank bank = new CompressedBank(codebook, rows.Classes.Count)
            .Add(rows.Features, rows.Labels, rows.Classes.Count, rows.Ids);
        return new CompressedMemoryTransformer(
            _environment, Options, bank, rows.Classes, LearnCorrection(bank, rows.Features));
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        SchemaShape.Column label = Columns.CheckKey(inputSchema, Options.LabelColumnName);
        Columns.CheckFeatures(inputSchema, Options.FeatureColumnName);
        return ClassifierColumns.Shape(inputSchema, label, NeighborColumns.None);
    }

    private KeyCorrection? LearnCorrection(CompressedBank bank, float[] rows)
    {
        if (Options.Read != CodeRead.Attention || Options.CorrectionRank == 0 || bank.Count < 2) return null;
        Codebook.Prepare(rows, bank.Codebook.Dimension, Options);
        return KeyCorrectionTrainer.Train(bank, rows, new CorrectionSettings
        {
            Rank = Options.CorrectionRank,
            Alpha = Options.CorrectionAlpha,
            Scale = 2 * Options.Gamma,
            Epochs = Options.CorrectionEpochs,
            Seed = Options.Seed,
        });
    }
}
