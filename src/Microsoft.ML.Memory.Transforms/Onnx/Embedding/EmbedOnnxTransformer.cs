// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(EmbedOnnxTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Encoder of an ONNX network",
    EmbedOnnxTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>Adds the features that an ONNX network computes for every row.</summary>
/// <remarks>
/// <para>Adds one column, a vector of Single with a fixed size [<see cref="FeatureCount"/>]. Its annotation
/// <c>EncoderFingerprint</c> tells memories behind it which encoder made the features.</para>
/// <para>Rows run in batches of <see cref="EmbedOnnxOptions.BatchSize"/> where the network allows it. A network for
/// exactly b rows gets b; the last run of a pass is filled up with its last row, whose further results are dropped.
/// Rows of tokens run with others of their length; nothing is padded. The same rows in the same batches give the same
/// bits; in other batches ONNX Runtime may round the last ones otherwise.</para>
/// <para>Memory: the network twice (as a model to be saved, and as ONNX Runtime holds it) and one batch of inputs for
/// each cursor. Safe for concurrent use: all cursors share one session. <see cref="Dispose"/> ends the session; no
/// view of this transformer may be read then.</para>
/// </remarks>
public sealed partial class EmbedOnnxTransformer : ITransformer, IDisposable
{
    private readonly IHostEnvironment _environment;

    internal EmbedOnnxTransformer(IHostEnvironment environment, EmbedOnnxOptions options, EncoderNetwork network)
    {
        _environment = environment;
        Network = network;
        Options = options with
        {
            ModelFile = null,
            ModelBytes = default,
            MaxModelBytes = OnnxLimit.Usual,
            OutputTensor = network.OutputTensor,
            Inputs = [.. network.Inputs.Where(input => input.ColumnName is not null).Select(
                input => new EmbedOnnxInput(input.Name, input.ColumnName ?? ""))],
            Dimensions = new Dictionary<string, int>(),
        };
        Pool = new EmbedPool(options, network);
        EncoderFingerprint = Memory.EncoderFingerprint.Of(options, network.Bytes, network.Inputs);
    }

    /// <summary>The settings of the estimator that made this encoder, with every input and the output tensor named,
    /// without the model and what helped to read it.</summary>
    public EmbedOnnxOptions Options { get; }

    /// <summary>Length of the features.</summary>
    public int FeatureCount => Pool.FeatureCount;

    /// <summary>
    /// What tells this encoder from others, 64 hexadecimal digits: the SHA-256 of the network and of all that is done
    /// before and after it.
    /// </summary>
    public string EncoderFingerprint { get; }

    /// <summary>Most rows that run together: 1 where the network takes no more.</summary>
    public int BatchSize => Network.Batch.RowsOf(Options.BatchSize);

    /// <summary>Always true: rows can be run one by one as well as in blocks.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The network.</summary>
    internal EncoderNetwork Network { get; }

    /// <summary>What becomes of what it computes.</summary>
    internal EmbedPool Pool { get; }

    /// <summary>Adds the features to a view, lazily and block by block.</summary>
    /// <exception cref="ArgumentException">A column is missing or does not fit.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(input, new EmbedMapping(this, input.Schema));
    }

    /// <summary>Gives the schema of <see cref="Transform"/> for an input of the given schema.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockSchema(new EmbedMapping(this, inputSchema)).Schema;
    }

    /// <summary>Makes a mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(new EmbedMapping(this, inputSchema));
    }

    /// <summary>Ends the session of ONNX Runtime, once the runs that have begun are through.</summary>
    public void Dispose() => Network.Dispose();
}
