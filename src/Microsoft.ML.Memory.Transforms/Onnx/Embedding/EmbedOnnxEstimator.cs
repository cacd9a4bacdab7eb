// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Runs a pretrained ONNX network over blocks of rows: its features are what memories remember.</summary>
/// <remarks>
/// <para>Nothing is trained: a fit reads the model, cuts off what lies behind the wanted tensor, finds out dimensions
/// from the columns and runs the network on two random rows. The rows of the data are not read.</para>
/// <para>A model is read as a file of a stranger: sizes are bounded, and external data must lie in the model's folder
/// and behind no symbolic link.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed class EmbedOnnxEstimator : IEstimator<EmbedOnnxTransformer>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal EmbedOnnxEstimator(IHostEnvironment environment, EmbedOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _environment = environment;
        Options = options with
        {
            Inputs = [.. options.Inputs],
            Dimensions = new Dictionary<string, int>(options.Dimensions),
        };
    }

    /// <summary>The settings this estimator was made with.</summary>
    public EmbedOnnxOptions Options { get; }

    /// <summary>Reads the model and makes it ready for the columns of the data.</summary>
    /// <param name="input">Data with the columns that the network reads.</param>
    /// <returns>The encoder; the caller disposes it once no view of it is read any more.</returns>
    /// <exception cref="ArgumentException">
    /// A name or column is wrong, a dimension is open, or a setting does not fit the network; the message says which.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    /// <exception cref="InvalidDataException">The model breaks a rule, or ONNX Runtime does not take it.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime, or the GPU, is not there.</exception>
    public EmbedOnnxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        using IChannel channel = _environment.Register(nameof(EmbedOnnxEstimator)).Start("Fit");
        OnnxLimit limit = OnnxLimit.OfFitting(Options.MaxModelBytes);
        byte[] read = [];
        ModelProto model = Options.ModelFile is { } path
            ? OnnxFile.Read(path, limit, out read)
            : OnnxFile.Read(read = Options.ModelBytes.ToArray(), limit);
        GraphCut.At(model, Options.OutputTensor);
        DeclaredInput[] declared = DeclaredInput.Of(model, Options.Dimensions);
        (NetworkInput[] inputs, NetworkBatch batch) = NetworkShape.Resolve(Options, declared, input.Schema);
        EmbedOnnxFile.RequireLoadable(Options, inputs, batch);
        NetworkDevice device = NetworkDevice.Chosen(Options, _environment, channel);
        EncoderNetwork network = EncoderNetwork.Open(
            model, OnnxFile.BytesOf(model, read), inputs, batch, Options.FreeBatchDimension, device);
        try
        {
            return Made(network, input.Schema, channel);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        if (Options.Inputs.Count == 0) Columns.Find(inputSchema, Options.InputColumnName);
        foreach (EmbedOnnxInput input in Options.Inputs) Columns.Find(inputSchema, input.ColumnName);
        SchemaShape.Column features = HostAccess.ShapeColumn(
            Options.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
            EncoderMark.Shape);
        return new SchemaShape([.. inputSchema.Where(column => column.Name != features.Name), features]);
    }

    private EmbedOnnxTransformer Made(EncoderNetwork network, DataViewSchema schema, IChannel channel)
    {
        var transformer = new EmbedOnnxTransformer(_environment, Options, network);
        transformer.GetOutputSchema(schema);
        if (network.Batch is { HasDimension: true, Size: 1 } or { HasDimension: false } && Options.BatchSize > 1)
        {
            channel.Info(
                MessageSensitivity.None,
                "The network takes one row at a time; export it with a symbolic first dimension to run batches.");
        }

        return transformer;
    }
}
