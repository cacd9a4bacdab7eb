// Licensed under the MIT License. See LICENSE in the project root for license information.
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static ScalarType int64 = ScalarType.Int64;
    public static ScalarType int32 = ScalarType.Int32;
    public static ScalarType int8 = ScalarType.Int8;
    public static ScalarType uint8 = ScalarType.Byte;
    public static ScalarType @bool = ScalarType.Bool;
    public static ScalarType float16 = ScalarType.Float16;
    public static ScalarType bfloat16 = ScalarType.BFloat16;
    public static ScalarType float32 = ScalarType.Float32;
    public static ScalarType float64 = ScalarType.Float64;

    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
        BFloat16 = 15,
    }

    public static Device CUDA => new(DeviceType.CUDA);

    public static DisposeScope CurrentDisposeScope => DisposeScope.Current;

    public static DisposeScope NewDisposeScope() => new();

    public static bool is_grad_enabled() => Native.mt_grad_enabled() != 0;

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static int get_num_threads() => Native.mt_threads();

    public static void set_num_threads(int num) => Native.Check(Native.mt_set_threads(num));

    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.mt_seed(seed));
        return new Generator((ulong)seed);
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(string description) => new(description);

    public static Device InitializeDevice(Device device)
    {
        device ??= CPU;
        if (device.type == DeviceType.CUDA && !cuda.is_available())
            throw new InvalidOperationException("Torch device type CUDA did not initialise on the current machine.");
        return device;
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType != DeviceType.CUDA || cuda.is_available();

    public static void InitializeDeviceType(DeviceType deviceType) => InitializeDevice(new Device(deviceType));

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Native.mt_cuda_devices();

        public static void synchronize(Device device = null) =>
            Native.Check(Native.mt_cuda_synchronize(device?.index ?? -1));
    }

    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string description)
        {
            string[] parts = description.Split(':');
            type = parts[0].ToLowerInvariant() switch
            {
                "cpu" => DeviceType.CPU,
                "cuda" => DeviceType.CUDA,
                "meta" => DeviceType.META,
                _ => throw new ArgumentException($"Unknown device: {description}"),
            };
            index = parts.Length > 1 ? int.Parse(parts[1]) : -1;
        }

        public DeviceType type { get; }

        public int index { get; }

        internal long Code => ((long)type << 32) | (uint)index;

        public static implicit operator Device(string description) => new(description);

        public override string ToString() =>
            type.ToString().ToLowerInvariant() + (index == -1 ? "" : ":" + index);

        internal static Device FromCode(long code) => new((DeviceType)(code >> 32), (int)code);
    }

    public class Generator : IDisposable
    {
        private IntPtr _handle;

        public Generator(ulong seed = 0, Device device = null)
        {
            this.device = device ?? CPU;
            Native.Check(Native.mt_generator(seed, CPU.Code, out _handle)); // whatever is asked for, as in TorchSharp
        }

        ~Generator() => Dispose(false);

        public IntPtr Handle => _handle;

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.mt_generator_seed(_handle, seed));
            return this;
        }

        public Tensor get_state()
        {
            Native.Check(Native.mt_generator_state(_handle, out IntPtr state));
            return new Tensor(state);
        }

        public void set_state(Tensor value) => Native.Check(Native.mt_generator_set_state(_handle, value.Handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0) Native.mt_generator_free(_handle);
            _handle = 0;
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.mt_grad_enabled();

        public GradMode(bool enabled) => Native.mt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.mt_set_grad_enabled(_before);
    }

    public static class autograd
    {
        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null,
            bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null)
        {
            IntPtr[] outputs = Handles(tensors), gradients = Handles(grad_tensors), of = Handles(inputs);
            if (grad_tensors is null) gradients = new IntPtr[outputs.Length];
            int retain = (retain_graph ?? create_graph) ? 1 : 0;
            Native.Check(Native.mt_backward(outputs, outputs.Length, gradients, gradients.Length, retain,
                create_graph ? 1 : 0, of, of.Length));
            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs,
            IList<Tensor> grad_outputs = null, bool retain_graph = false, bool create_graph = false,
            bool allow_unused = false)
        {
            IntPtr[] from = Handles(outputs), of = Handles(inputs), gradients = Handles(grad_outputs);
            if (grad_outputs is null) gradients = new IntPtr[from.Length];
            var results = new IntPtr[of.Length];
            Native.Check(Native.mt_gradients(from, from.Length, of, of.Length, gradients, gradients.Length,
                retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, results));
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return [.. results.Select(handle => handle == 0 ? null : new Tensor(handle))];
        }

        private static IntPtr[] Handles(IList<Tensor> tensors) => [.. (tensors ?? []).Select(t => t?.Handle ?? 0)];
    }
}
