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
    internal const string LoaderSignature = "OnnxTransform";

    private const string NetworkStream = "OnnxModel";
    private const string SettingsStream = "Content";

    private static readonly ModelStream _stream = new("ONNXSCOR", LoaderSignature, 0x00010003);

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

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        _stream.Save(ctx, (NetworkStream, Network.Model.WriteNetwork), (SettingsStream, Network.Model.WriteSettings));

    internal static OnnxTransformer Create(IHostEnvironment environment, OnnxOptions options, byte[] bytes)
    {
        CheckNames(options.InputColumns, nameof(options.InputColumns));
        CheckNames(options.OutputColumns, nameof(options.OutputColumns));
        if (bytes is null)
            CheckFile(options.ModelFile);
        OnnxModel model = new()
        {
            Bytes = bytes,
            File = bytes is null ? options.ModelFile : null,
            InputColumns = options.InputColumns,
            OutputColumns = options.OutputColumns,
            Shapes = options.ShapeDictionary,
            RecursionLimit = options.RecursionLimit,
            InterOpNumThreads = options.InterOpNumThreads,
            IntraOpNumThreads = options.IntraOpNumThreads,
        };
        // A device that is given goes before the context's, along with what is then to be done without it.
        return new OnnxTransformer(OnnxNetwork.Open(model, options.GpuDeviceId is { } device
            ? (device, options.FallbackToCpu)
            : HostAccess.GpuOf(environment)));
    }

    // The host calls it by its name and return type.
    private static ITransformer Create(IHostEnvironment environment, Host.ModelLoadContext ctx)
    {
        byte[] bytes = _stream.Load(ctx, NetworkStream, OnnxModel.ReadNetwork);
        OnnxModel model = _stream.Load(ctx, SettingsStream, reader => OnnxModel.ReadSettings(reader, bytes));
        return new OnnxTransformer(OnnxNetwork.Open(model, HostAccess.GpuOf(environment)));
    }

    // Arrays must be there: none of the host's overloads leaves them out.
    private static void CheckNames(string[] names, string what)
    {
        for (int i = 0; i < names.Length; i++)
            CheckText(names[i], what);
    }

    private static void CheckFile(string file)
    {
        CheckText(file, nameof(OnnxOptions.ModelFile));
        if (!File.Exists(file))
            throw HostErrors.Marked(new IOException($"Model file {file} does not exists."));
    }

    private static void CheckText(string text, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw HostErrors.Marked(new ArgumentOutOfRangeException(what, $"{what} cannot be null or white space"));
    }
}
