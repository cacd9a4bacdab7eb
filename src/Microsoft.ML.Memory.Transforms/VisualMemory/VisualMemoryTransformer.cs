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
    typeof(VisualMemoryTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Visual memory",
    VisualMemoryTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A kNN visual memory: classifies rows by the vote of their nearest entries.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key), <c>Score</c> [c] (sums to 1) and the neighbour columns that the options ask
/// for. A row with a NaN or infinite feature, and every row of an empty memory, has no neighbours: its label is missing
/// and its scores are the shares of the classes in the memory (equal shares where it is empty).</para>
/// <para>Immutable: <see cref="Add"/> and <see cref="Remove"/> give a new transformer that shares the entries. Safe for
/// concurrent use.</para>
/// <para>Source: Geirhos et al., ICML 2025, arXiv 2408.08172.</para>
/// </remarks>
public sealed partial class VisualMemoryTransformer
    : ISingleFeaturePredictionTransformer<BankSnapshot>, HostSingleFeature
{
    private readonly IHostEnvironment _environment;
    private readonly ClassTable _classes;

    internal VisualMemoryTransformer(
        IHostEnvironment environment,
        VisualMemoryOptions options,
        BankSnapshot memory,
        ClassTable classes)
    {
        _environment = environment;
        _classes = classes;
        Options = options;
        Model = memory;
        FeatureColumnType = new VectorDataViewType(NumberDataViewType.Single, memory.Dimension);
    }

    /// <summary>The settings of the trainer that made this memory.</summary>
    public VisualMemoryOptions Options { get; }

    /// <summary>The entries, as they are and stay in this transformer.</summary>
    public BankSnapshot Model { get; }

    /// <summary>Number of classes, which is the size of <c>Score</c>.</summary>
    public int ClassCount => _classes.Count;

    /// <summary>Name of each class as text, in the order of <c>Score</c>.</summary>
    public IReadOnlyList<string> ClassNames => [.. Enumerable.Range(0, _classes.Count).Select(_classes.NameOf)];

    /// <summary>Name of the feature column.</summary>
    public string FeatureColumnName => Options.FeatureColumnName;

    /// <summary>Type of the feature column, Vector&lt;Single, d&gt;.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>Always true: rows are classified one by one as well as in blocks, with the same result.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Adds the prediction columns to a view, lazily and block by block.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(input, Map(input.Schema));
    }

    /// <summary>Gives the schema of <see cref="Transform"/> for an input of the given schema.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockSchema(Map(inputSchema)).Schema;
    }

    /// <summary>Makes a mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(Map(inputSchema));
    }

    private VisualMemoryMapping Map(DataViewSchema inputSchema)
        => new(_environment, Options, Model, _classes, inputSchema);
}
