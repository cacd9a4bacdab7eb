// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>Trains a kNN regression: stores every labelled row and predicts the mean of the nearest labels.</summary>
/// <remarks>
/// <para>Score = sum of w(j)·y(j) over the neighbours j, divided by the sum of all w(j); y is the label, w is set by
/// <see cref="NearestNeighborsRegressionOptions.Weighting"/> and multiplied by the row's weight.</para>
/// <para>Cost of a fit: one pass over the data, in its order; memory n·d floats and n labels. A graph, where
/// <see cref="NearestNeighborsRegressionOptions.Index"/> leads to one, takes longer to build than all else, and the log
/// says so.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Cover, "Estimation by the nearest neighbor rule", IEEE Transactions on Information Theory 14(1), 1968;
/// weights by distance: Shepard, "A two-dimensional interpolation function for irregularly-spaced data", ACM National
/// Conference, 1968.</para>
/// </remarks>
public sealed class NearestNeighborsRegressionTrainer
    : ITrainerEstimator<NearestNeighborsRegressionTransformer, BankSnapshot>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal NearestNeighborsRegressionTrainer(
        IHostEnvironment environment, NearestNeighborsRegressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _environment = environment;
        Options = options;
    }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>The settings this trainer was made with.</summary>
    public NearestNeighborsRegressionOptions Options { get; }

    /// <summary>Stores every labelled row.</summary>
    /// <param name="input">
    /// The training data, read in its order. Rows whose label is missing (NaN) are skipped, and a warning says how
    /// many. Fewer rows than <see cref="NearestNeighborsRegressionOptions.NeighborCount"/> are warned of.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, or an id is repeated; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a label is infinite, a feature or weight is not a finite number (the message names the row),
    /// or a row's vector has another length than its column says.
    /// </exception>
    public NearestNeighborsRegressionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        using IChannel channel = _environment.Register(nameof(NearestNeighborsRegressionTrainer)).Start("Fit");
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        NearestNeighborsRegressionOptions options = Options with { EncoderFingerprint = EncoderMark.Of(features) };
        var empty = NearestNeighborsRegressionTransformer.Empty(
            _environment, options, ((VectorDataViewType)features.Type).Size);
        NearestNeighborsRegressionTransformer fitted = empty.Add(input, channel);
        if (fitted.Count == 0)
        {
            throw new InvalidOperationException(
                "NearestNeighborsRegressionTrainer.Fit must see at least one row with a label. Got none. "
                + "Check the data.");
        }

        if (fitted.Count < Options.NeighborCount)
        {
            channel.Warning(
                MessageSensitivity.None,
                "NearestNeighborsRegressionOptions.NeighborCount should be at most the number of stored rows, "
                + $"{fitted.Count}. Got {Options.NeighborCount}. All of them are neighbours until more are added.");
        }

        return fitted;
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return RegressionColumns.Shape(inputSchema, Options);
    }
}
