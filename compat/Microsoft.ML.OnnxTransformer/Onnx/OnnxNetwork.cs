// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A loaded network, the columns it reads and makes, and what is saved of it.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly Lazy<TensorColumn[]> _inputs;

    private OnnxNetwork(OnnxModel model, InferenceSession session, string file)
    {
        Model = model;
        Session = session;
        using FileStream stream = File.OpenRead(file);
        OnnxMessage graph = OnnxMessage.Read(stream, model.RecursionLimit).Part(OnnxMessageKind.Graph);
        Dictionary<string, TensorColumn> inputs = Columns(session.InputMetadata, graph, OnnxMessageKind.Input);
        Dictionary<string, TensorColumn> outputs = Columns(session.OutputMetadata, graph, OnnxMessageKind.Output);
        IReadOnlyList<string> all = session.InputNames;
        // Those that a caller may replace.
        string initializers = string.Join(",", graph.Parts(OnnxMessageKind.Initializer).Select(tensor => tensor.Name)
            .Where(name => graph.Parts(OnnxMessageKind.Input).Any(input => input.Name == name)));
        // The host finds out later, when it looks at columns.
        _inputs = new Lazy<TensorColumn[]>(() => Chosen(inputs, all, model.InputColumns, (name, known) =>
            $"Input tensor, {name}, does not exist in the ONNX model. Available input names are [{known}]. " +
            $"Available initializers are [{initializers}]"));
        Outputs = Chosen(outputs, session.OutputNames, model.OutputColumns, (name, known) =>
            $"Ouput tensor, {name}, does not exist in the ONNX model. Available output names are [{known}].");
    }

    public OnnxModel Model { get; }

    /// <summary>Null once it is disposed.</summary>
    public InferenceSession Session { get; private set; }

    public TensorColumn[] Inputs => _inputs.Value;

    public TensorColumn[] Outputs { get; }

    /// <param name="model">The network and what is wanted of it.</param>
    /// <param name="gpu">The GPU to run on, and whether the processor will do.</param>
    public static OnnxNetwork Open(OnnxModel model, (int? Id, bool FallbackToCpu) gpu)
    {
        if (model.File is { } given)
            return Open(model, given, gpu);
        // What such a network refers to is looked for beside this file, and is not there.
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(file, model.Bytes);
            return Open(model, file, gpu);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        Session?.Dispose();
        Session = null;
    }

    private static OnnxNetwork Open(OnnxModel model, string file, (int? Id, bool FallbackToCpu) gpu)
    {
        InferenceSession session = OpenSession(model, file, gpu);
        try
        {
            return new OnnxNetwork(model, session, file);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static InferenceSession OpenSession(OnnxModel model, string file, (int? Id, bool FallbackToCpu) gpu)
    {
        try
        {
            return OpenSession(model, file, gpu.Id);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            if (gpu.Id is not null && gpu.FallbackToCpu)
                return OpenSession(model, file, gpuDeviceId: null);
            throw HostErrors.Marked(
                new InvalidOperationException($"Error initializing model :{exception}", exception));
        }
    }

    private static InferenceSession OpenSession(OnnxModel model, string file, int? gpuDeviceId)
    {
        using SessionOptions options = new();
        if (model.InterOpNumThreads is { } between)
            options.InterOpNumThreads = between;
        if (model.IntraOpNumThreads is { } within)
            options.IntraOpNumThreads = within;
        if (gpuDeviceId is { } device)
            options.AppendExecutionProvider_CUDA(device);
        return new InferenceSession(file, options);
    }

    // Every port must be one that a column can stand for, wanted or not.
    private Dictionary<string, TensorColumn> Columns(
        IReadOnlyDictionary<string, NodeMetadata> nodes, OnnxMessage graph, OnnxMessageKind kind)
    {
        Dictionary<string, TensorColumn> columns = [];
        foreach (OnnxMessage port in graph.Parts(kind))
        {
            // Not among the nodes is an input that an initializer gives.
            if (nodes.TryGetValue(port.Name, out NodeMetadata node))
                columns[port.Name] = TensorColumn.Of(port, node, Model.Shapes);
        }
        return columns;
    }

    private static TensorColumn[] Chosen(
        Dictionary<string, TensorColumn> columns,
        IReadOnlyList<string> all,
        string[] wanted,
        Func<string, string, string> refusal)
    {
        string[] names = wanted.Length > 0 ? wanted : [.. all];
        return Array.ConvertAll(names, name => columns.TryGetValue(name, out TensorColumn column)
            ? column
            // The sentence is where the host has it.
            : throw HostErrors.Marked(
                new ArgumentOutOfRangeException(refusal(name, string.Join(",", all)), name, "name")));
    }
}
