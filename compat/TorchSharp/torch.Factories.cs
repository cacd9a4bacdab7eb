// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("empty.memory_format", requires_grad, names, size, dtype, Value.Default, device);

    public static Tensor empty(long size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        empty([size], dtype, device, requires_grad, names);

    public static Tensor empty(long rows, long columns, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        empty([rows, columns], dtype, device, requires_grad, names);

    public static Tensor empty(long dim0, long dim1, long dim2, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        empty([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("zeros", requires_grad, names, size, dtype, Value.Default, device);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        zeros([size], dtype, device, requires_grad, names);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        zeros([rows, columns], dtype, device, requires_grad, names);

    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        zeros([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("ones", requires_grad, names, size, dtype, Value.Default, device);

    public static Tensor ones(long size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        ones([size], dtype, device, requires_grad, names);

    public static Tensor ones(long rows, long columns, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        ones([rows, columns], dtype, device, requires_grad, names);

    public static Tensor ones(long dim0, long dim1, long dim2, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        ones([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Made("full", requires_grad, names, size, value, dtype, Value.Default, device);

    public static Tensor rand(long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, Generator generator = null, string[] names = null) =>
        Made("rand.generator", requires_grad, names, size, generator, dtype, Value.Default, device);

    public static Tensor randn(long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, Generator generator = null, string[] names = null) =>
        Made("randn.generator", requires_grad, names, size, generator, dtype, Value.Default, device);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("empty_like", requires_grad, names, input, dtype, Value.Default, device);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("zeros_like", requires_grad, names, input, dtype, Value.Default, device);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Made("ones_like", requires_grad, names, input, dtype, Value.Default, device);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        Made("arange.start_step", requires_grad, null, start, stop, step, dtype, Value.Default, device);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<float>(rawArray, dimensions.ToArray(), ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<double>(rawArray, dimensions.ToArray(), ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<long>(dataArray, dimensions.ToArray(), ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(dataArray, [dataArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<int>(rawArray, dimensions.ToArray(), ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<byte>(rawArray, dimensions.ToArray(), ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<bool>(rawArray, dimensions.ToArray(), ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(sbyte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null,
        Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied<sbyte>(rawArray, dimensions.ToArray(), ScalarType.Int8, dtype, device, requires_grad, names);

    public static Tensor tensor(sbyte[] rawArray, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(float scalar, Device device = null, bool requires_grad = false) =>
        tensor([scalar], [], null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        tensor([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        tensor([scalar], [], dtype, device, requires_grad);

    public static Tensor cat(Tensor[] tensors, long dim = 0) =>
        Native.Call("cat", tensors, dim);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) =>
        cat([.. tensors], dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) =>
        Native.Call("stack", tensors.ToArray(), dim);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) =>
        Native.Call("where.self", condition, x, y);

    public static Tensor matmul(Tensor input, Tensor target) =>
        input.matmul(target);

    public static (Tensor values, Tensor indices) topk(Tensor tensor, int k, int dim = -1, bool largest = true,
        bool sorted = true) =>
        tensor.topk(k, dim, largest, sorted);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        Native.Call("addmm", input, mat1, mat2, (double)beta, (double)alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        Native.Call("baddbmm", input, batch1, batch2, (double)beta, (double)alpha);

    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) =>
        input.bucketize(boundaries, outInt32, right);

    private static Tensor Made(
        string name, bool requiresGrad, string[] names, params ReadOnlySpan<Value> arguments)
    {
        if (names is not null) throw new NotSupportedException("Names of dimensions are not supported here.");
        Tensor made = Native.Call(name, arguments);
        return requiresGrad ? made.requires_grad_() : made;
    }

    private static Tensor Copied<T>(ReadOnlySpan<T> values, long[] shape, ScalarType own, ScalarType? wanted,
        Device device, bool requiresGrad, string[] names)
        where T : unmanaged
    {
        if (shape.Aggregate(1L, (product, length) => product * length) != values.Length)
            throw new ArgumentException("mismatched total size creating a tensor from an array");
        Tensor result = Made("empty.memory_format", false, names, shape, own);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).CopyTo(result.bytes);
        if (wanted is { } type && type != own) result = result.to_type(type, disposeAfter: true);
        if (device is not null && device.type != DeviceType.CPU) result = result.to(device, disposeAfter: true);
        return requiresGrad ? result.requires_grad_() : result;
    }
}
