// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mldata;

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Runtime;
using HostSingleFeature = mldata::Microsoft.ML.ISingleFeaturePredictionTransformer;

namespace Microsoft.ML.Memory;

/// <summary>What every fitted memory classifier is: a transformer that adds a prediction and scores.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key) and <c>Score</c> [c] (sums to 1), then what the classifier has to say beside
/// that. A row with a NaN or infinite feature has no prediction: its label is missing, and a warning counts such
/// rows.</para>
/// <para>Immutable, so safe for concurrent use.</para>
/// </remarks>
/// <typeparam name="TModel">What the classifier knows.</typeparam>
public abstract class MemoryClassifierTransformer<TModel>
    : ISingleFeaturePredictionTransformer<TModel>, HostSingleFeature, IOnnxExportable
    where TModel : class
{
    private protected MemoryClassifierTransformer(
        IHostEnvironment environment,
        TModel model,
        ClassTable classes,
        string featureColumnName,
        int dimension,
        DataViewType? featureColumnType = null)
    {
        Environment = environment;
        Model = model;
        Classes = classes;
        FeatureColumnName = featureColumnName;
        Dimension = dimension;
        FeatureColumnType = featureColumnType ?? new VectorDataViewType(NumberDataViewType.Single, dimension);
    }

    /// <summary>What the classifier knows, as it is and stays in this transformer.</summary>
    public TModel Model { get; }

    /// <summary>Number of classes, which is the size of <c>Score</c>.</summary>
    public int ClassCount => Classes.Count;

    /// <summary>Name of each class as text, in the order of <c>Score</c>.</summary>
    public IReadOnlyList<string> ClassNames => field ??= [.. Enumerable.Range(0, Classes.Count).Select(Classes.NameOf)];

    /// <summary>Name of the feature column.</summary>
    public string FeatureColumnName { get; }

    /// <summary>Type of the feature column: Vector&lt;Single, d&gt;, or what else the classifier reads.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>
    /// Mark of the encoder whose features the classifier was trained on, as <see cref="EmbedOnnxTransformer"/> gives
    /// it; null where they had none. Features with another mark are refused.
    /// </summary>
    public virtual string? EncoderFingerprint => null;

    /// <summary>Always true: rows can be classified one by one as well as in blocks.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The host that made the classifier.</summary>
    internal IHostEnvironment Environment { get; }

    /// <summary>The classes, in the order of <c>Score</c>.</summary>
    internal ClassTable Classes { get; }

    /// <summary>Length d of a row of features.</summary>
    internal int Dimension { get; }

    /// <summary>Bytes that one row of a block takes up, at least 1; bounds the size of blocks.</summary>
    internal virtual long BytesOfRow => ((long)Dimension + ClassCount) * sizeof(float);

    /// <summary>Whether a row's prediction depends on the rows that the pass has seen before it.</summary>
    internal virtual bool IsOrdered => false;

    /// <summary>Rows that are classified together, at least 1: the blocks of a pass are multiples of it.</summary>
    internal virtual int BatchSize => 1;

    /// <summary>
    /// Name of the column with the ids of the entries that alone may be neighbours of a row; null where all may be.
    /// </summary>
    internal virtual string? CandidateColumnName => null;

    /// <summary>Adds the prediction columns to a view, lazily and block by block.</summary>
    /// <exception cref="ArgumentException">
    /// The feature column is missing, of the wrong type or size, or of another encoder.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(input, new ClassifierMapping<TModel>(this, input.Schema, isPass: true));
    }

    /// <summary>Gives the schema of <see cref="Transform"/> for an input of the given schema.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockSchema(new ClassifierMapping<TModel>(this, inputSchema, isPass: true)).Schema;
    }

    /// <summary>Makes a mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(new ClassifierMapping<TModel>(this, inputSchema, isPass: false));
    }

    int IOnnxExportable.Dimension => Dimension;

    void IOnnxExportable.ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => ExportTo(graph, features, options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>Finds the feature column in an input.</summary>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type or size.</exception>
    internal virtual DataViewSchema.Column FindFeatures(DataViewSchema input)
        => Columns.Features(input, FeatureColumnName, Dimension, EncoderFingerprint);

    /// <summary>Makes the reader of the feature column.</summary>
    internal virtual IRowReader CreateReader(DataViewRow input, DataViewSchema.Column features)
        => new FeatureReader(input, features);

    /// <summary>Starts the classification of one pass over rows.</summary>
    /// <param name="threadCount">Threads that a block may use; they never change a result.</param>
    internal abstract BlockClassifier CreateClassifier(int threadCount);

    /// <summary>Starts the classification of single rows, which come in no order.</summary>
    /// <param name="threadCount">Threads that a row may use; they never change a result.</param>
    internal virtual BlockClassifier CreateRowClassifier(int threadCount) => CreateClassifier(threadCount);

    /// <summary>Makes the added columns: label and scores, then those of <see cref="BlockClassifier.CreateGetter"/>.
    /// </summary>
    internal virtual List<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema input)
        => ClassifierColumns.Create(input, Classes, NeighborColumns.None);

    /// <summary>Adds the nodes and outputs of the classifier to a graph.</summary>
    /// <exception cref="InvalidOperationException">It, or a setting of it, has no graph.</exception>
    private protected virtual void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => throw new InvalidOperationException(
            $"A model must be a memory classifier that has a graph to be exported. Got {GetType().Name}.");

    /// <summary>Writes the classifier into the host's model file.</summary>
    private protected abstract void Save(ModelSaveContext context);

    /// <summary>Reports rows without a prediction.</summary>
    internal void WarnOfInvalidRows(InvalidRows rows)
        => rows.Warn(Environment, GetType().Name, FeatureColumnName, "they have no prediction");
}
