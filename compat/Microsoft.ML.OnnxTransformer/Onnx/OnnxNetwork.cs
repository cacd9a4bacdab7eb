// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A loaded network, the columns it reads and makes, and its bytes to save it.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private OnnxNetwork(OnnxModel model, InferenceSession session)
    {
        Model = model;
        Session = session;
        Inputs = Columns(session.InputMetadata, session.InputNames, model.InputColumns, "inputs");
        Outputs = Columns(session.OutputMetadata, session.OutputNames, model.OutputColumns, "outputs");
    }

    public OnnxModel Model { get; }

    public InferenceSession Session { get; }

    public TensorColumn[] Inputs { get; }

    public TensorColumn[] Outputs { get; }

    public static OnnxNetwork Open(OnnxModel model, int? gpuDeviceId, bool fallbackToCpu)
    {
        InferenceSession session = OpenSession(model, gpuDeviceId, fallbackToCpu);
        try
        {
            return new OnnxNetwork(model, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    private static InferenceSession OpenSession(OnnxModel model, int? gpuDeviceId, bool fallbackToCpu)
    {
        try
        {
            return OpenSession(model, gpuDeviceId);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            if (gpuDeviceId is not null && fallbackToCpu)
                return OpenSession(model, null, fallbackToCpu: false);
            string place = gpuDeviceId is { } id ? $" on GPU {id}" : "";
            throw new InvalidOperationException(
                $"The network must be one that ONNX Runtime can load{place}: {exception.Message}", exception);
        }
    }

    private static InferenceSession OpenSession(OnnxModel model, int? gpuDeviceId)
    {
        using SessionOptions options = new();
        if (model.InterOpNumThreads is { } between)
            options.InterOpNumThreads = between;
        if (model.IntraOpNumThreads is { } within)
            options.IntraOpNumThreads = within;
        if (gpuDeviceId is { } device)
            options.AppendExecutionProvider_CUDA(device);
        return model.File is { } file
            ? new InferenceSession(file, options)
            : new InferenceSession(model.Bytes, options);
    }

    private TensorColumn[] Columns(
        IReadOnlyDictionary<string, NodeMetadata> nodes, IReadOnlyList<string> all, string[] wanted, string kind)
    {
        TensorColumn[] columns = new TensorColumn[wanted?.Length ?? all.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = wanted is null ? all[i] : wanted[i];
            if (!nodes.TryGetValue(name, out NodeMetadata node))
                throw new ArgumentOutOfRangeException(
                    kind, $"'{name}' must be among the network's {kind}, which are {string.Join(", ", all)}");
            columns[i] = TensorColumn.Of(name, node, Model.Shapes);
        }
        return columns;
    }
}
