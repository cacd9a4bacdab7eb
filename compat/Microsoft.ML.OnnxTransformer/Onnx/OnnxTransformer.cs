// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Onnx;
using Microsoft.ML.Transforms.Onnx.Hosting;
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

    private const string StreamName = "Network";
    private const uint FrameVersion = 0x00010001;

    internal OnnxTransformer(OnnxNetwork network) => Network = network;

    bool ITransformer.IsRowToRowMapper => true;

    internal OnnxNetwork Network { get; }

    // The simple name, as the real host's assembly has the same.
    private static Host.VersionInfo Version => new(
        "ONNXNETC", FrameVersion, FrameVersion, FrameVersion, "Microsoft.ML.OnnxTransformer", LoaderSignature);

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

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var host = (Host.ModelSaveContext)(object)ctx;
        host.CheckAtModel();
        host.SetVersionInfo(Version);
        host.SaveBinaryStream(StreamName, Network.Model.Write);
    }

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
        ctx.CheckAtModel(Version);
        OnnxModel model = null;
        if (!ctx.TryLoadBinaryStream(StreamName, reader => model = OnnxModel.Read(reader)))
            throw new FormatException("The model file must hold the network. Got none.");
        (int? id, bool fallbackToCpu) = HostAccess.GpuOf(environment);
        return new OnnxTransformer(OnnxNetwork.Open(model, id, fallbackToCpu));
    }
}
