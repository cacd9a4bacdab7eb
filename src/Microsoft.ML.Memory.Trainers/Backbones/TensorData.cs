// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Moves numbers between spans and tensors.</summary>
internal static class TensorData
{
    /// <summary>Makes a tensor that owns a copy of the values, on a device.</summary>
    public static Tensor From(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, Device? device = null)
    {
        Tensor tensor = empty(shape.ToArray(), float32);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(tensor.bytes));
        return OnDevice(tensor, device);
    }

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long}, Device?)"/>
    public static Tensor From(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, Device? device = null)
    {
        Tensor tensor = empty(shape.ToArray(), int64);
        values.CopyTo(MemoryMarshal.Cast<byte, long>(tensor.bytes));
        return OnDevice(tensor, device);
    }

    /// <summary>Reads a floating-point tensor of a file into a new tensor of single precision.</summary>
    /// <exception cref="InvalidDataException">A value is not finite; the message names its place.</exception>
    public static Tensor Read(INamedTensors tensors, string name, Device? device = null)
    {
        TensorEntry entry = tensors.Find(name);
        Tensor tensor = empty(entry.Shape.ToArray(), float32);
        Span<float> values = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        tensors.CopyTo(name, values);
        tensors.RequireFinite(name, values);
        return OnDevice(tensor, device);
    }

    /// <summary>Copies a tensor's values to the host, row-major.</summary>
    public static float[] ToArray(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(tensor.detach().cpu().to_type(float32).contiguous().bytes).ToArray();
    }

    /// <summary>Copies a tensor's values to the host, row-major.</summary>
    public static void CopyTo(Tensor tensor, Span<float> destination)
    {
        using var scope = NewDisposeScope();
        Tensor host = tensor.detach().cpu().to_type(float32).contiguous();
        MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(destination);
    }

    private static Tensor OnDevice(Tensor tensor, Device? device)
    {
        if (device is null || device.type == TorchSharp.DeviceType.CPU) return tensor;
        using var scope = NewDisposeScope();
        tensor.MoveToOtherDisposeScope(scope);
        return tensor.to(device).MoveToOuterDisposeScope();
    }
}
