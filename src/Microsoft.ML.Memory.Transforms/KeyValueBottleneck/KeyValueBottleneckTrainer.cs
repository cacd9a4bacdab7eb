// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

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
public sealed class KeyValueBottleneckTrainer
    : MemoryClassifierTrainer<KeyValueBottleneckTransformer, KeyValueBottleneck>
{
    /// <summary>Checks and keeps the options.</summary>
    internal KeyValueBottleneckTrainer(IHostEnvironment environment, KeyValueBottleneckOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public KeyValueBottleneckOptions Options { get; }

    private protected override string LabelColumnName => Options.LabelColumnName;

    private protected override string FeatureColumnName => Options.FeatureColumnName;

    /// <summary>Learns keys from rows of their own, which need no labels, then values from labelled rows.</summary>
    /// <param name="input">The training data.</param>
    /// <param name="keyData">Rows with the feature column; null takes the training data.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, or a setting does not fit the data.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, there is no row to learn keys from, or a feature is not a finite number (the message names
    /// the row).
    /// </exception>
    public KeyValueBottleneckTransformer Fit(IDataView input, IDataView? keyData)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, (label, dimension, channel) => Learn(input, keyData, label, dimension, channel));
    }

    private protected override KeyValueBottleneckTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel)
        => Learn(input, keyData: null, label, dimension, channel);

    private KeyValueBottleneckTransformer Learn(
        IDataView input, IDataView? keyData, DataViewSchema.Column label, int dimension, IChannel channel)
    {
        KeyValueBottleneckOptions options = Options with { EncoderFingerprint = MarkOf(input) };
        LabelledRows rows = LabelledRows.Read(input, options.Columns, label, null, dimension, channel);
        RequireLabelledRow(rows.Labels.Length);
        if (rows.Classes.Count == 1 && Options.ValueStart == ValueStart.Zeros)
        {
            channel.Warning(
                MessageSensitivity.None,
                "KeyValueBottleneckTrainer should see at least two classes. Got 1, which leaves nothing to learn: "
                + "values stay zero. Give two classes, or let values start as class log-odds.");
        }

        float[] keyRows = keyData is null
            ? rows.Features
            : FeatureRows.Read(keyData, Options.FeatureColumnName, dimension, options.EncoderFingerprint);
        if (keyRows.Length == 0)
        {
            throw new InvalidOperationException(
                "KeyValueBottleneckTrainer.Fit must see at least one row to learn keys from. Got none in keyData.");
        }

        KeyValueBottleneck model = KeyValueBottleneck.LearnKeys(keyRows, dimension, Options)
            .Learn(rows.Features, rows.Labels, rows.Classes.Count);
        return new KeyValueBottleneckTransformer(Environment, options, model, rows.Classes);
    }
}
