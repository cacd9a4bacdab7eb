// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>A network that was cut behind the wanted tensor, tried, and is ready to run.</summary>
internal sealed class EncoderNetwork : IDisposable
{
    private readonly NetworkSession _session;
    private readonly Lock _gate = new();
    private bool _isDisposed;
    private int _runCount;

    private EncoderNetwork(
        byte[] bytes, IReadOnlyList<NetworkInput> inputs, NetworkBatch declared, NetworkBatch batch,
        NetworkSession session)
    {
        Bytes = bytes;
        Inputs = inputs;
        DeclaredBatch = declared;
        Batch = batch;
        _session = session;
        OutputType = session.OutputType();
    }

    /// <summary>The network as an ONNX model with all its data, as it was before its first dimension was freed.
    /// </summary>
    public byte[] Bytes { get; }

    /// <summary>Its inputs, in the order of the model.</summary>
    public IReadOnlyList<NetworkInput> Inputs { get; }

    /// <summary>Rows that the model says it takes together.</summary>
    public NetworkBatch DeclaredBatch { get; }

    /// <summary>Rows that run together.</summary>
    public NetworkBatch Batch { get; }

    /// <summary>Whether the first dimension was freed.</summary>
    public bool IsFreed => Batch != DeclaredBatch;

    /// <summary>Name of the tensor that holds the features.</summary>
    public required string OutputTensor { get; init; }

    /// <summary>Type of its numbers.</summary>
    public TensorElementType OutputType { get; }

    /// <summary>Its dimensions for one row; -1 is the number of tokens.</summary>
    public required IReadOnlyList<int> OutputDims { get; init; }

    /// <summary>The input of images; null where there is none.</summary>
    public NetworkInput? ImageInput => Inputs.FirstOrDefault(input => input.Kind == FeedKind.Image);

    /// <summary>Opens a network that was cut already.</summary>
    /// <param name="model">The model; its one output is the tensor that is wanted.</param>
    /// <param name="bytes">The same as bytes.</param>
    /// <param name="inputs">Its inputs, resolved.</param>
    /// <param name="declared">Rows that the model says it takes together.</param>
    /// <param name="isTried">Whether a network for one row is tried with several.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="InvalidDataException">The network does not run; the message says why.</exception>
    public static EncoderNetwork Open(
        ModelProto model, byte[] bytes, IReadOnlyList<NetworkInput> inputs, NetworkBatch declared, bool isTried,
        NetworkDevice device)
    {
        foreach (NetworkInput input in inputs) ElementCast.Require(input);
        TrialLimit.Require(inputs, declared);
        NetworkSession? session = null;
        NetworkBatch batch = declared;
        bool mayBeFreed = isTried && declared is { HasDimension: true, Size: 1 } && TrialLimit.AllowsFreeing(inputs);
        if (mayBeFreed && TryFree(model, inputs, device, out session)) batch = new NetworkBatch(true, null);
        session ??= NetworkSession.Open(model, bytes, inputs.Select(input => input.Name), device);
        try
        {
            string output = model.Graph.Output[0].Name;
            return new EncoderNetwork(bytes, inputs, declared, batch, session)
            {
                OutputTensor = output,
                OutputDims = RowDims(new NetworkProbe(session, inputs, batch), output, inputs, batch),
            };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network on one value for each input.</summary>
    /// <returns>The one output; the caller disposes it.</returns>
    /// <exception cref="ObjectDisposedException">The encoder was disposed.</exception>
    /// <exception cref="InvalidOperationException">A node failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue[] values)
    {
        Enter();
        try
        {
            return _session.Run(values);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidOperationException(
                $"The network must run on every row. Got: {error.Message.TrimEnd('.')}.", error);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Runs the network into memory of the caller, which saves a copy.</summary>
    /// <param name="values">One value for each input.</param>
    /// <param name="output">Receives the one output.</param>
    /// <returns>
    /// Whether it ran; where a node failed or the output has other dimensions, <see cref="Run"/> shows what is wrong.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The encoder was disposed.</exception>
    public bool TryRun(OrtValue[] values, OrtValue[] output)
    {
        Enter();
        try
        {
            _session.Run(values, output);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Gives the dimensions of the output of some rows that all have as many numbers.</summary>
    public long[] OutputShapeOf(int rowCount)
    {
        IEnumerable<long> dims = OutputDims.Select(dim => (long)dim);
        return Batch.HasDimension ? [rowCount, .. dims] : [.. dims];
    }

    /// <summary>Ends the session, once the runs that have begun are through.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            if (_runCount > 0) return;
        }

        _session.Dispose();
    }

    // ONNX Runtime would read memory that is gone if a session ended during a run, and take the process with it.
    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(EmbedOnnxTransformer));
            _runCount++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_runCount > 0 || !_isDisposed) return;
        }

        _session.Dispose();
    }

    private static bool TryFree(
        ModelProto model, IReadOnlyList<NetworkInput> inputs, NetworkDevice device,
        [NotNullWhen(true)] out NetworkSession? session)
    {
        session = null;
        ModelProto freed = model.Clone();
        BatchFreeing.Free(freed);
        try
        {
            session = NetworkSession.Open(freed, freed.ToByteArray(), inputs.Select(input => input.Name), device);
        }
        catch (InvalidDataException)
        {
            // The network insists on one row, which is no error.
            return false;
        }

        bool isKept = false;
        try
        {
            isKept = new NetworkProbe(session, inputs, new NetworkBatch(true, null)).KeepsRowsApart();
            return isKept;
        }
        finally
        {
            if (!isKept)
            {
                session.Dispose();
                session = null;
            }
        }
    }

    /// <summary>Finds the dimensions of a row, from runs of different numbers of rows and tokens.</summary>
    private static int[] RowDims(
        NetworkProbe probe, string output, IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
    {
        bool isOfAnyLength = inputs.Any(input => input.IsOfAnyLength);
        int[] row = RowDims(probe, output, batch, NetworkProbe.RowCount, NetworkProbe.TokenCount);
        if (batch.Size is not null && !isOfAnyLength) return row;

        // What follows the numbers of rows and of tokens is told from what only happens to be the same.
        const int Longer = NetworkProbe.MostTokens;
        int[] other = RowDims(probe, output, batch, NetworkProbe.MostRows, Longer);
        int[] wanted = [.. row];
        if (isOfAnyLength && row is [NetworkProbe.TokenCount, _, ..] && other[0] == Longer)
        {
            wanted[0] = Longer;
            row[0] = NetworkInput.AnyLength;
        }

        return wanted.AsSpan().SequenceEqual(other) ? row : throw new InvalidDataException(
            $"Tensor '{output}' of the network must have the same dimensions for every row, but for a first one of "
            + $"its tokens. Got [{string.Join(", ", wanted)}] and [{string.Join(", ", other)}]. "
            + "Name another in EmbedOnnxOptions.OutputTensor.");
    }

    private static int[] RowDims(NetworkProbe probe, string output, NetworkBatch batch, int rowCount, int tokenCount)
    {
        int rows = batch.Size ?? rowCount;
        long[] dims = probe.OutputDims(rows, tokenCount);
        if (batch.HasDimension && (dims.Length == 0 || dims[0] != rows))
        {
            throw new InvalidDataException(
                $"Tensor '{output}' of the network must have a first dimension of {rows} for {rows} rows. Got "
                + $"[{string.Join(", ", dims)}]. Name another in EmbedOnnxOptions.OutputTensor.");
        }

        return [.. dims.Skip(batch.HasDimension ? 1 : 0).Select(dim => checked((int)dim))];
    }
}
