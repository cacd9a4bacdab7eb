// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>Trains a discrete key-value bottleneck, which learns task after task without forgetting.</summary>
/// <remarks>
/// <para>First keys are learned from features without their labels, and frozen; then the values of the pairs that the
/// labelled rows fetch. <see cref="KeyValueBottleneckTransformer.ContinueFit"/> goes on with other rows.</para>
/// <para>Cost: KeyEpochs passes of n · heads · pairs · k multiply-adds for the keys, Epochs passes of n · heads · c for
/// the values, on all cores; the data is read once and kept in memory meanwhile, n · d floats.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Träuble, Goyal, Rahaman, Mozer, Kawaguchi, Bengio, Schölkopf, ICML 2023, arXiv 2207.11240.</para>
/// <para>Differs from the paper: see docs/methods/key-value-bottleneck.md.</para>
/// </remarks>
public sealed class KeyValueBottleneckTrainer : ITrainerEstimator<KeyValueBottleneckTransformer, KeyValueBottleneck>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal KeyValueBottleneckTrainer(IHostEnvironment environment, KeyValueBottleneckOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        _environment = environment;
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public KeyValueBottleneckOptions Options { get; }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>Learns keys from the features of labelled rows, then values from the rows.</summary>
    /// <param name="input">
    /// The training data; rows whose label is missing are skipped, and a warning says how many.
    /// </param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or its size does not fit a
    /// setting.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a feature is not a finite number (the message names the row), or a row's vector has another
    /// length than its column says.
    /// </exception>
    public KeyValueBottleneckTransformer Fit(IDataView input) => Fit(input, keyData: null);

    /// <summary>Learns keys from rows of their own, which need no labels, then values from labelled rows.</summary>
    /// <param name="input">The training data.</param>
    /// <param name="keyData">Rows with the feature column; null takes the training data.</param>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public KeyValueBottleneckTransformer Fit(IDataView input, IDataView? keyData)
    {
        ArgumentNullException.ThrowIfNull(input);

        DataViewSchema.Column label = Columns.Key(input.Schema, Options.LabelColumnName);
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        int dimension = ((VectorDataViewType)features.Type).Size;
        using IChannel channel = _environment.Register(nameof(KeyValueBottleneckTrainer)).Start("Fit");
        LabelledRows rows = LabelledRows.Read(input, Options.Columns, label, null, dimension, channel);
        if (rows.Labels.Length == 0)
        {
            throw new InvalidOperationException(
                "KeyValueBottleneckTrainer.Fit must see at least one row with a label. Got none. "
                + $"Check the data and that column '{Options.LabelColumnName}' is mapped to keys.");
        }

        if (rows.Classes.Count == 1 && Options.ValueStart == ValueStart.Zeros)
        {
            channel.Warning(
                MessageSensitivity.None,
                "KeyValueBottleneckTrainer should see at least two classes. Got 1, which leaves nothing to learn: "
                + "values stay zero. Give two classes, or let values start as class log-odds.");
        }

        float[] keyRows = keyData is null
            ? rows.Features
            : FeatureRows.Read(keyData, Options.FeatureColumnName, dimension);
        if (keyRows.Length == 0)
        {
            throw new InvalidOperationException(
                "KeyValueBottleneckTrainer.Fit must see at least one row to learn keys from. Got none in keyData.");
        }

        KeyValueBottleneck model = KeyValueBottleneck.LearnKeys(keyRows, dimension, Options)
            .Learn(rows.Features, rows.Labels, rows.Classes.Count);
        return new KeyValueBottleneckTransformer(_environment, Options, model, rows.Classes);
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
}
