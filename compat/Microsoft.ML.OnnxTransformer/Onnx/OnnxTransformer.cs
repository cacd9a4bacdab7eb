// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Onnx;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(ITransformer),
    typeof(OnnxTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Onnx network",
    OnnxTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Adds the outputs of a network that is run on one row at a time.</summary>
public sealed class OnnxTransformer : ITransformer, IDisposable
{
    internal const string LoaderSignature = "OnnxNetworkCompat";

    private static readonly ModelStream _stream = new("ONNXNETC", LoaderSignature);

    internal OnnxTransformer(OnnxNetwork network) => Network = network;

    bool ITransformer.IsRowToRowMapper => true;

    internal OnnxNetwork Network { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        OnnxMapping.Create(Network, inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, OnnxMapping.Create(Network, input.Schema));
    }

    public void Dispose() => Network.Dispose();

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new MappedRowMapper(OnnxMapping.Create(Network, inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => _stream.Save(ctx, Network.Model.Write);

    internal static OnnxTransformer Create(IHostEnvironment environment, OnnxOptions options, byte[] bytes)
    {
        if (options.RecursionLimit <= 0)
            throw new ArgumentOutOfRangeException(nameof(options), "RecursionLimit must be at least 1.");
        OnnxModel model = new()
        {
            Bytes = bytes ?? File.ReadAllBytes(options.ModelFile),
            File = bytes is null ? options.ModelFile : null,
            InputColumns = options.InputColumns,
            OutputColumns = options.OutputColumns,
            Shapes = options.ShapeDictionary,
            InterOpNumThreads = options.InterOpNumThreads,
            IntraOpNumThreads = options.IntraOpNumThreads,
        };
        (int? id, bool fallbackToCpu) = HostAccess.GpuOf(environment);
        return new OnnxTransformer(OnnxNetwork.Open(
            model, options.GpuDeviceId ?? id, options.FallbackToCpu || (options.GpuDeviceId is null && fallbackToCpu)));
    }

    // The host calls it by its name and return type.
    private static ITransformer Create(IHostEnvironment environment, Host.ModelLoadContext ctx)
    {
        OnnxModel model = _stream.Load(ctx, OnnxModel.Read);
        (int? id, bool fallbackToCpu) = HostAccess.GpuOf(environment);
        return new OnnxTransformer(OnnxNetwork.Open(model, id, fallbackToCpu));
    }
}
