// Licensed under the MIT License. See LICENSE in the project root for license information.
using System.Runtime.InteropServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One handle on a tensor of libtorch; belongs to the dispose scope in which it was made.</summary>
    public partial class Tensor : IDisposable
    {
        private IntPtr _handle;

        internal Tensor(IntPtr handle)
        {
            _handle = handle;
            Scope = DisposeScope.Current;
            Scope?.Add(this);
            DisposeScopeManager.Statistics.Count(1);
        }

        ~Tensor() => Dispose(false);

        public IntPtr Handle =>
            _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        public long[] shape
        {
            get
            {
                var sizes = new long[Native.mt_dimensions(Handle)];
                unsafe
                {
                    fixed (long* first = sizes) Native.mt_shape(Handle, first);
                }

                return sizes;
            }
        }

        public long ndim => Native.mt_dimensions(Handle);

        public long Dimensions => ndim;

        public long NumberOfElements => Native.mt_elements(Handle);

        public long ElementSize => element_size();

        public ScalarType dtype => (ScalarType)Native.mt_type(Handle);

        public Device device => Device.FromCode(Native.mt_device(Handle));

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_leaf => Native.mt_leaf(Handle) != 0;

        public bool requires_grad
        {
            get => Native.mt_requires_grad(Handle) != 0;
            set => Native.Check(Native.mt_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor grad
        {
            get
            {
                Native.Check(Native.mt_grad(Handle, out IntPtr gradient));
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set => Native.Check(Native.mt_set_grad(Handle, value?.Handle ?? 0));
        }

        /// <summary>The memory of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException("Reading data from non-CPU memory is not supported.");
                Native.Check(Native.mt_data(Handle, out void* data));
                return new Span<byte>(data, checked((int)(NumberOfElements * element_size())));
            }

            set
            {
                Span<byte> target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException("Mismatched data sizes in bytes setter.");
                value.CopyTo(target);
            }
        }

        internal DisposeScope Scope { get; set; }

        public long dim() => ndim;

        public long numel() => NumberOfElements;

        public long[] size() => shape;

        public long size(int dim) => shape[dim < 0 ? dim + ndim : dim];

        public long element_size() => dtype switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            _ => 8,
        };

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* first = strides) Native.Check(Native.mt_strides(Handle, first));
            return strides;
        }

        public bool is_contiguous() => Native.mt_contiguous(Handle) != 0;

        public TensorAccessor<T> data<T>()
            where T : unmanaged => new(cpu().contiguous());

        public T item<T>()
            where T : unmanaged
        {
            RequireType<T>(dtype);
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            using DisposeScope scope = NewDisposeScope();
            return MemoryMarshal.Cast<byte, T>(cpu().contiguous().bytes)[0];
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => Native.Check(Native.mt_retain_grad(Handle));

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor> grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor> inputs = null) => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor alias()
        {
            Native.Check(Native.mt_same(Handle, out IntPtr same));
            return new Tensor(same);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (Scope is not null)
            {
                Scope.MoveToOther(other, this);
            }
            else if (other is not null)
            {
                Scope = other;
                other.Add(this);
            }

            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public override string ToString() =>
            IsInvalid ? "" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public void Dispose()
        {
            Scope?.Forget(this);
            Scope = null;
            if (!IsInvalid) DisposeScopeManager.Statistics.Count(-1);
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        internal static void RequireType<T>(ScalarType type)
        {
            bool fits = type switch
            {
                ScalarType.Byte => typeof(T) == typeof(byte),
                ScalarType.Int8 => typeof(T) == typeof(sbyte),
                ScalarType.Int16 => typeof(T) == typeof(short),
                ScalarType.Int32 => typeof(T) == typeof(int),
                ScalarType.Int64 => typeof(T) == typeof(long),
                ScalarType.Bool => typeof(T) == typeof(bool),
                ScalarType.Float16 => typeof(T) == typeof(Half),
                ScalarType.Float32 => typeof(T) == typeof(float),
                ScalarType.Float64 => typeof(T) == typeof(double),
                _ => false,
            };
            if (!fits) throw new ArgumentException($"{typeof(T).Name} is not compatible with {type}");
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0) Native.mt_free(_handle);
            _handle = 0;
        }
    }
}
