// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Buffers;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>
/// A value that a session takes or gives. Managed memory under it stays pinned until it is disposed. It has no
/// finalizer, so that a span of it never outlives its memory, and what is not disposed leaks.
/// </summary>
public partial class OrtValue : IDisposable
{
    private IntPtr _handle;
    private MemoryHandle? _pinned;

    internal OrtValue(IntPtr handle, MemoryHandle? pinned = null)
    {
        _handle = handle;
        _pinned = pinned;
    }

    public OnnxValueType OnnxType => NativeMethods.OnnxTypeOfValue(Handle);

    public bool IsTensor => OnnxType == OnnxValueType.ONNX_TYPE_TENSOR;

    internal IntPtr Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == IntPtr.Zero, this);
            return _handle;
        }
    }

    public static OrtValue CreateTensorValueFromMemory<T>(T[] data, long[] shape) where T : unmanaged =>
        CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, new Memory<T>(data), shape);

    public static unsafe OrtValue CreateTensorValueFromMemory<T>(OrtMemoryInfo memoryInfo, Memory<T> memory,
        long[] shape) where T : unmanaged
    {
        TensorElementType type = ElementTypes.Of<T>();
        CheckLength(memory.Length, shape);
        MemoryHandle pinned = memory.Pin();
        try
        {
            nuint byteCount = (nuint)memory.Length * (nuint)sizeof(T);
            return new OrtValue(
                NativeMethods.CreateTensorWithData(memoryInfo.Handle, pinned.Pointer, byteCount, shape, type), pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    public static OrtValue CreateAllocatedTensorValue(OrtAllocator allocator, TensorElementType elementType,
        long[] shape) => new(NativeMethods.CreateTensor(allocator.Handle, shape, elementType));

    public OrtTensorTypeAndShapeInfo GetTensorTypeAndShape()
    {
        IntPtr tensorInfo = NativeMethods.TypeAndShapeOf(Handle);
        try
        {
            return new OrtTensorTypeAndShapeInfo(tensorInfo);
        }
        finally
        {
            NativeMethods.Release(NativeMethods.ReleaseTensorTypeAndShapeInfo, tensorInfo);
        }
    }

    public ReadOnlySpan<T> GetTensorDataAsSpan<T>() where T : unmanaged => GetTensorMutableDataAsSpan<T>();

    public unsafe Span<T> GetTensorMutableDataAsSpan<T>() where T : unmanaged
    {
        TensorElementType expected = ElementTypes.Of<T>();
        IntPtr tensorInfo = NativeMethods.TypeAndShapeOf(Handle);
        try
        {
            TensorElementType actual = NativeMethods.ElementTypeOf(tensorInfo);
            if (actual == TensorElementType.String)
                throw new OnnxRuntimeException(ErrorCode.InvalidArgument, "Strings are not supported by this API");
            // Bytes view any numbers.
            if (actual != expected && expected != TensorElementType.UInt8)
            {
                throw new OnnxRuntimeException(ErrorCode.InvalidArgument,
                    $"Requested type: {typeof(T)} does not match the actual type: {ElementTypes.TypeOf(actual)}");
            }
            int size = actual == expected ? 1 : ElementTypes.SizeOf(actual);
            int count = checked((int)NativeMethods.ElementCountOf(tensorInfo) * size);
            return new Span<T>((void*)NativeMethods.TensorData(_handle), count);
        }
        finally
        {
            NativeMethods.Release(NativeMethods.ReleaseTensorTypeAndShapeInfo, tensorInfo);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private static void CheckLength(int length, long[] shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            if (size < 0)
                throw new ArgumentOutOfRangeException($"Shape must not have negative elements: {size}");
            count = checked(count * size);
        }
        if (count > length)
        {
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument,
                $"Managed memory size: {length} elements is less than shape size: {count} elements");
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_handle == IntPtr.Zero)
            return;
        NativeMethods.Release(NativeMethods.ReleaseValue, _handle);
        _handle = IntPtr.Zero;
        _pinned?.Dispose();
        _pinned = null;
    }
}
