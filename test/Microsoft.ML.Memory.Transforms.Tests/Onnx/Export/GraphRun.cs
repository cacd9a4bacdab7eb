// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>An exported model in the real ONNX Runtime.</summary>
internal sealed class GraphRun : IDisposable
{
    private readonly InferenceSession _session;

    public GraphRun(byte[] model) => _session = Open(() => new InferenceSession(model));

    public GraphRun(string path) => _session = Open(() => new InferenceSession(path));

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public ModelMetadata Metadata => _session.ModelMetadata;

    /// <summary>Writes a model and opens it.</summary>
    public static GraphRun Of(ITransformer model, OnnxExportOptions? options = null) => new(Export(model, options));

    public static byte[] Export(ITransformer model, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        model.ExportToOnnx(stream, options);
        return stream.ToArray();
    }

    /// <summary>Runs rows in batches and gives the values of every output, row after row.</summary>
    public Dictionary<string, Array> Run(float[] rows, int dimension, int batch, params long[] shape)
    {
        var parts = new Dictionary<string, List<Array>>();
        for (int start = 0; start < rows.Length; start += batch * dimension)
        {
            float[] part = rows[start..Math.Min(rows.Length, start + (batch * dimension))];
            long[] sizes = [part.Length / dimension, .. shape.Length > 0 ? shape : [dimension]];
            using var options = new RunOptions();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(part, sizes);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
                options, [.. _session.InputNames], [input], _session.OutputNames);
            for (int index = 0; index < outputs.Count; index++)
            {
                string name = _session.OutputNames[index];
                if (!parts.TryGetValue(name, out List<Array>? list)) parts[name] = list = [];
                list.Add(ValuesOf(outputs[index]));
            }
        }

        return parts.ToDictionary(pair => pair.Key, pair => Join(pair.Value));
    }

    public void Dispose() => _session.Dispose();

    private static InferenceSession Open(Func<InferenceSession> open)
    {
        OnnxHere.Require();
        return open();
    }

    private static Array ValuesOf(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
        TensorElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
        TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
        TensorElementType.UInt32 => value.GetTensorDataAsSpan<uint>().ToArray(),
        TensorElementType.Bool => value.GetTensorDataAsSpan<bool>().ToArray(),
        TensorElementType.String => value.GetStringTensorAsArray(),
        TensorElementType other => throw new NotSupportedException($"{other}"),
    };

    private static Array Join(List<Array> parts)
    {
        Array all = Array.CreateInstance(parts[0].GetType().GetElementType()!, parts.Sum(part => part.Length));
        int start = 0;
        foreach (Array part in parts)
        {
            part.CopyTo(all, start);
            start += part.Length;
        }

        return all;
    }
}
