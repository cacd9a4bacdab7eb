// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;
extern alias mldata;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;
using HostSingleFeature = mldata::Microsoft.ML.ISingleFeaturePredictionTransformer;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(NearestNeighborsRegressionTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Nearest neighbours regression",
    NearestNeighborsRegressionTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A kNN regression: predicts the mean of the labels of the nearest stored rows.</summary>
/// <remarks>
/// <para>Adds <c>Score</c> (Single) and the neighbour columns that the options ask for, each a vector of variable size,
/// nearest first: <c>NeighborIds</c>, <c>NeighborDistances</c>, <c>NeighborLabels</c> (Single) and
/// <c>NeighborWeights</c>. Neighbours at equal distance rank in the order in which they were added. Sums are taken in
/// double, then rounded.</para>
/// <para>Score is NaN where no neighbour counts: a feature of the row is NaN or infinite (a warning counts such rows at
/// the end of a pass), nothing is stored, nothing is within
/// <see cref="NearestNeighborsRegressionOptions.LargestDistance"/>, or all neighbours weigh 0.</para>
/// <para>Cost: a search for each row, in blocks of up to 1,024 rows and on all processors. Immutable:
/// <see cref="Add(IDataView)"/> and <see cref="Remove"/> give a new transformer that shares the rows. Safe for
/// concurrent use.</para>
/// </remarks>
public sealed partial class NearestNeighborsRegressionTransformer
    : ISingleFeaturePredictionTransformer<BankSnapshot>, HostSingleFeature
{
    private readonly IHostEnvironment _environment;

    /// <param name="environment">The host.</param>
    /// <param name="options">Settings that were checked.</param>
    /// <param name="lookup">Stores the rows with their labels and weights, as the options say.</param>
    internal NearestNeighborsRegressionTransformer(
        IHostEnvironment environment, NearestNeighborsRegressionOptions options, NearestNeighborsTransformer lookup)
    {
        _environment = environment;
        Options = options;
        Lookup = lookup;
        FeatureColumnType = new VectorDataViewType(NumberDataViewType.Single, lookup.Dimension);
    }

    /// <summary>The settings of the trainer that made this transformer.</summary>
    public NearestNeighborsRegressionOptions Options { get; }

    /// <summary>Features and ids of the stored rows, as they are and stay in this transformer.</summary>
    public BankSnapshot Model => Lookup.Bank;

    /// <summary>Name of the feature column.</summary>
    public string FeatureColumnName => Options.FeatureColumnName;

    /// <summary>Type of the feature column: Vector&lt;Single, d&gt;.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <inheritdoc cref="NearestNeighborsTransformer.EncoderFingerprint"/>
    public string? EncoderFingerprint => Lookup.EncoderFingerprint;

    /// <inheritdoc cref="NearestNeighborsTransformer.Count"/>
    public int Count => Lookup.Count;

    /// <inheritdoc cref="NearestNeighborsTransformer.Dimension"/>
    public int Dimension => Lookup.Dimension;

    /// <inheritdoc cref="NearestNeighborsTransformer.Ids"/>
    public IEnumerable<long> Ids => Lookup.Ids;

    /// <inheritdoc cref="NearestNeighborsTransformer.Strategy"/>
    public SearchStrategy Strategy => Lookup.Strategy;

    /// <summary>Always true: rows can be predicted one by one as well as in blocks.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Finds the neighbours; its stored columns are labels and, where there are any, weights.</summary>
    internal NearestNeighborsTransformer Lookup { get; }

    /// <summary>Labels of the stored rows, by slot.</summary>
    internal StoredValues<float> Labels => (StoredValues<float>)Lookup.Rows.Columns[0];

    /// <summary>Weights of the stored rows, by slot; null where all weigh 1.</summary>
    internal StoredValues<float>? ExampleWeights =>
        Lookup.Rows.Columns.Count > 1 ? (StoredValues<float>)Lookup.Rows.Columns[1] : null;

    /// <inheritdoc cref="NearestNeighborsTransformer.Contains"/>
    public bool Contains(long id) => Lookup.Contains(id);

    /// <summary>Adds the score and neighbour columns to a view, lazily and block by block.</summary>
    /// <exception cref="ArgumentException">
    /// The feature column is missing, of the wrong type or size, or of another encoder.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(input, new RegressionMapping(this, input.Schema));
    }

    /// <summary>Gives the schema of <see cref="Transform"/> for an input of the given schema.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockSchema(new RegressionMapping(this, inputSchema)).Schema;
    }

    /// <summary>Makes a mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(new RegressionMapping(this, inputSchema));
    }

    /// <summary>Reports rows without a prediction.</summary>
    internal void WarnOfInvalidRows(InvalidRows rows) => rows.Warn(
        _environment,
        nameof(NearestNeighborsRegressionTransformer),
        FeatureColumnName,
        "their score is NaN");
}
