// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone() =>
            Native.Call("clone", this);

        public Tensor contiguous() =>
            Native.Call("contiguous", this);

        public Tensor detach() =>
            Native.Call("detach", this);

        public Tensor reshape(params long[] shape) =>
            Native.Call("reshape", this, shape);

        public Tensor view(params long[] shape) =>
            Native.Call("view", this, shape);

        public Tensor permute(params long[] permutation) =>
            Native.Call("permute", this, permutation);

        public Tensor transpose(long dim0, long dim1) =>
            Native.Call("transpose.int", this, dim0, dim1);

        public Tensor t() =>
            Native.Call("t", this);

        public Tensor unsqueeze(long dim) =>
            Native.Call("unsqueeze", this, dim);

        public Tensor squeeze(long? dim = null) =>
            dim is { } d ? Native.Call("squeeze.dim", this, d) : Native.Call("squeeze", this);

        public Tensor expand(params long[] sizes) =>
            Native.Call("expand", this, sizes);

        public Tensor expand_as(Tensor other) =>
            Native.Call("expand_as", this, other);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Native.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor narrow(long dim, long start, long length) =>
            Native.Call("narrow", this, dim, start, length);

        public Tensor select(long dim, long index) =>
            Native.Call("select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) =>
            Native.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor index_select(long dim, Tensor index) =>
            Native.Call("index_select", this, dim, index);

        public Tensor gather(long dim, Tensor index) =>
            Native.Call("gather", this, dim, index);

        public Tensor[] unbind(long dimension = 0) =>
            Native.CallForMany("unbind.int", this, dimension);

        public Tensor[] chunk(long chunks, long dim = 0) =>
            Native.CallForMany("chunk", this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) =>
            Native.CallForMany("split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) =>
            Native.CallForMany("split_with_sizes", this, sizes, dim);

        public Tensor cpu() =>
            to(CPU);

        public Tensor cuda(Device device = null, bool non_blocking = false) =>
            to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor type(ScalarType dtype) =>
            to_type(dtype);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            After(Native.Call("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            After(Native.Call("to.device", this, InitializeDevice(device), type, non_blocking, copy), disposeAfter);

        private Tensor After(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }
    }
}
