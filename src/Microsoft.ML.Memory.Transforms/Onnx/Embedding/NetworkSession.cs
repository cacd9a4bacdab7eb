// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>A network that is ready to run, for any number of threads at once.</summary>
internal sealed class NetworkSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs;
    private readonly string[] _output;

    private NetworkSession(InferenceSession session, IEnumerable<string> inputs, string output)
    {
        _session = session;
        _inputs = [.. inputs];
        _output = [output];
    }

    /// <summary>Opens a network.</summary>
    /// <param name="model">The network as it is to run; its one output is the tensor that is wanted.</param>
    /// <param name="bytes">The same as bytes.</param>
    /// <param name="inputs">Names of its inputs, in the order in which their values will come.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="InvalidDataException">ONNX Runtime does not take the network; the message says why.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime or the GPU is not there.</exception>
    public static NetworkSession Open(
        ModelProto model, byte[] bytes, IEnumerable<string> inputs, NetworkDevice device)
    {
        try
        {
            using SessionOptions options = device.CreateOptions();
            return new NetworkSession(new InferenceSession(bytes, options), inputs, model.Graph.Output[0].Name);
        }
        catch (OnnxRuntimeException error)
        {
            throw NetworkFailure.OfOpening(model, error);
        }
        catch (Exception error) when (NetworkFailure.IsMissingLibrary(error))
        {
            throw NetworkFailure.MissingLibrary(error);
        }
    }

    /// <summary>Runs the network.</summary>
    /// <param name="values">One value for each input.</param>
    /// <returns>The one output; the caller disposes it.</returns>
    /// <exception cref="OnnxRuntimeException">A node failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue[] values)
        => _session.Run(_run, _inputs, values, _output);

    /// <summary>Runs the network into a value of the caller.</summary>
    /// <param name="values">One value for each input.</param>
    /// <param name="output">Receives the one output.</param>
    /// <exception cref="OnnxRuntimeException">A node failed, or the output has other dimensions.</exception>
    public void Run(OrtValue[] values, OrtValue[] output) => _session.Run(_run, _inputs, values, _output, output);

    /// <summary>Gives the type of the numbers that the network computes.</summary>
    /// <exception cref="InvalidDataException">They are not real numbers.</exception>
    public TensorElementType OutputType()
    {
        NodeMetadata output = _session.OutputMetadata[_output[0]];
        if (!output.IsTensor)
        {
            throw new InvalidDataException(
                $"Output '{_output[0]}' of the network must be a tensor. Got {output.OnnxValueType}. "
                + "Name another in EmbedOnnxOptions.OutputTensor.");
        }

        TensorElementType type = output.ElementDataType;
        return NetworkOutput.IsSupported(type) ? type : throw new InvalidDataException(
            $"Tensor '{_output[0]}' of the network must hold numbers of type Float, Float16 or Double. Got {type}. "
            + "Name another in EmbedOnnxOptions.OutputTensor.");
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }
}
