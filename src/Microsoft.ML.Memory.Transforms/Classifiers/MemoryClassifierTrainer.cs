// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>
/// What every trainer of a memory classifier is: it reads labelled rows once and stores what they teach.
/// </summary>
/// <remarks>Thread safety: immutable, so safe.</remarks>
/// <typeparam name="TTransformer">What a fit gives.</typeparam>
/// <typeparam name="TModel">What the classifier knows.</typeparam>
public abstract class MemoryClassifierTrainer<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : MemoryClassifierTransformer<TModel>
    where TModel : class
{
    private protected MemoryClassifierTrainer(IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
    }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>The host that made the trainer.</summary>
    internal IHostEnvironment Environment { get; }

    /// <summary>Name of the label column, a key.</summary>
    private protected abstract string LabelColumnName { get; }

    /// <summary>Name of the feature column, a vector of Single with a fixed size.</summary>
    private protected abstract string FeatureColumnName { get; }

    /// <summary>Learns from every labelled row.</summary>
    /// <param name="input">
    /// The training data, read in its order; rows whose label is missing are skipped, and a warning says how many.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, an id is repeated, or a setting does not fit the data.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a feature or weight is not a finite number (the message names the row), or a row's vector
    /// has another length than its column says.
    /// </exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, (label, dimension, channel) => Learn(input, label, dimension, channel));
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        SchemaShape.Column label = Columns.CheckKey(inputSchema, LabelColumnName);
        CheckFeatures(inputSchema);
        return Shape(inputSchema, label);
    }

    /// <summary>Learns from every labelled row of data whose columns were checked.</summary>
    /// <param name="input">The data.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="dimension">Length of its features.</param>
    /// <param name="channel">Where to warn.</param>
    private protected abstract TTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel);

    /// <summary>Checks the feature column of data that is not there yet.</summary>
    private protected virtual void CheckFeatures(SchemaShape input)
        => Columns.CheckFeatures(input, FeatureColumnName);

    /// <summary>Checks the feature column of data and gives the length of its rows.</summary>
    private protected virtual int DimensionOf(DataViewSchema input)
        => ((VectorDataViewType)Columns.Features(input, FeatureColumnName).Type).Size;

    /// <summary>Checks the columns of the data, then learns.</summary>
    private protected TTransformer Fit(IDataView input, Func<DataViewSchema.Column, int, IChannel, TTransformer> learn)
    {
        DataViewSchema.Column label = Columns.Key(input.Schema, LabelColumnName);
        int dimension = DimensionOf(input.Schema);
        using IChannel channel = Environment.Register(GetType().Name).Start("Fit");
        return learn(label, dimension, channel);
    }

    /// <summary>Gives the output shape for an input whose columns were checked.</summary>
    private protected virtual SchemaShape Shape(SchemaShape input, SchemaShape.Column label)
        => ClassifierColumns.Shape(input, label, NeighborColumns.None);

    /// <summary>Gives the mark of the encoder that the features come from; null where they have none.</summary>
    private protected string? MarkOf(IDataView input) => EncoderMark.Of(input.Schema, FeatureColumnName);

    /// <summary>Refuses data without a labelled row.</summary>
    private protected void RequireLabelledRow(int count)
    {
        if (count > 0) return;
        throw new InvalidOperationException(
            $"{GetType().Name}.Fit must see at least one row with a label. Got none. "
            + $"Check the data and that column '{LabelColumnName}' is mapped to keys.");
    }
}
