// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

internal static unsafe partial class NativeMethods
{
    public const int ReleaseMemoryInfo = 94;
    public const int ReleaseValue = 96;
    public const int ReleaseTensorTypeAndShapeInfo = 99;

    public static IntPtr CreateTensor(IntPtr allocator, ReadOnlySpan<long> shape, TensorElementType type)
    {
        IntPtr result;
        fixed (long* dimensions = shape)
        {
            Verify(((delegate* unmanaged<IntPtr, long*, nuint, int, IntPtr*, IntPtr>)_table[48])(
                allocator, dimensions, (nuint)shape.Length, (int)type, &result));
        }
        return result;
    }

    public static IntPtr CreateTensorWithData(IntPtr memoryInfo, void* data, nuint byteCount,
        ReadOnlySpan<long> shape, TensorElementType type)
    {
        IntPtr result;
        fixed (long* dimensions = shape)
        {
            Verify(((delegate* unmanaged<IntPtr, void*, nuint, long*, nuint, int, IntPtr*, IntPtr>)_table[49])(
                memoryInfo, data, byteCount, dimensions, (nuint)shape.Length, (int)type, &result));
        }
        return result;
    }

    public static IntPtr TensorData(IntPtr value) => Pointer(51, value);

    public static nuint StringDataLength(IntPtr value) => Size(53, value);

    public static void StringContent(IntPtr value, Span<byte> bytes, Span<nuint> offsets)
    {
        fixed (byte* text = bytes)
        fixed (nuint* starts = offsets)
        {
            Verify(((delegate* unmanaged<IntPtr, byte*, nuint, nuint*, nuint, IntPtr>)_table[54])(
                value, text, (nuint)bytes.Length, starts, (nuint)offsets.Length));
        }
    }

    // Null where the type is no tensor; belongs to the type info.
    public static IntPtr CastToTensorInfo(IntPtr typeInfo) => Pointer(55, typeInfo);

    public static OnnxValueType OnnxTypeOfTypeInfo(IntPtr typeInfo) => (OnnxValueType)Int32(56, typeInfo);

    public static TensorElementType ElementTypeOf(IntPtr tensorInfo) => (TensorElementType)Int32(60, tensorInfo);

    public static long[] DimensionsOf(IntPtr tensorInfo)
    {
        var result = new long[checked((int)Size(61, tensorInfo))];
        fixed (long* dimensions = result)
        {
            Verify(((delegate* unmanaged<IntPtr, long*, nuint, IntPtr>)_table[62])(
                tensorInfo, dimensions, (nuint)result.Length));
        }
        return result;
    }

    public static string[] SymbolicDimensionsOf(IntPtr tensorInfo)
    {
        var names = new IntPtr[checked((int)Size(61, tensorInfo))];
        fixed (IntPtr* first = names)
        {
            Verify(((delegate* unmanaged<IntPtr, IntPtr*, nuint, IntPtr>)_table[63])(
                tensorInfo, first, (nuint)names.Length));
        }
        return Array.ConvertAll(names, Utf8.Text);
    }

    public static nuint ElementCountOf(IntPtr tensorInfo) => Size(64, tensorInfo);

    public static IntPtr TypeAndShapeOf(IntPtr value) => Pointer(65, value);

    public static OnnxValueType OnnxTypeOfValue(IntPtr value) => (OnnxValueType)Int32(67, value);

    // 0 device, 1 arena; memory type 0 is the default one.
    public static IntPtr CreateCpuMemoryInfo()
    {
        IntPtr result;
        Verify(((delegate* unmanaged<int, int, IntPtr*, IntPtr>)_table[69])(0, 0, &result));
        return result;
    }

    public static IntPtr DefaultAllocator() => Create(78);

    /// <summary>The memory of one element of a string tensor, made as long as asked; filled without copies.</summary>
    public static Span<byte> ResizedString(IntPtr value, nuint index, int byteCount)
    {
        byte* buffer;
        Verify(((delegate* unmanaged<IntPtr, nuint, nuint, byte**, IntPtr>)_table[252])(
            value, index, (nuint)byteCount, &buffer));
        return new Span<byte>(buffer, byteCount);
    }
}
