// Licensed under the MIT License. See LICENSE in the project root for license information.
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>What the shim exports, and the call of any operator by its name.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torchdoor";
    private const int MaximalResults = 256;
    private static readonly ConcurrentDictionary<string, IntPtr> _operators = new();

    /// <summary>Calls an operator such as "add.Tensor"; arguments left out get the operator's defaults.</summary>
    public static torch.Tensor Call(string name, params ReadOnlySpan<Value> arguments) =>
        new(CallForAll(name, arguments)[0]);

    public static torch.Tensor[] CallForMany(string name, params ReadOnlySpan<Value> arguments) =>
        [.. CallForAll(name, arguments).Select(handle => new torch.Tensor(handle))];

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    public static torch.Tensor CallInPlace(torch.Tensor self, string name, params ReadOnlySpan<Value> arguments)
    {
        foreach (IntPtr handle in CallForAll(name, arguments)) mt_free(handle);
        return self;
    }

    public static void Check(int code)
    {
        if (code != 0) throw new ExternalException(Marshal.PtrToStringUTF8(mt_error()));
    }

    private static IntPtr[] CallForAll(string name, ReadOnlySpan<Value> arguments)
    {
        IntPtr target = _operators.GetOrAdd(name, Find);
        long words = 0;
        foreach (Value v in arguments) words += v.Words;
        long* scratch = stackalloc long[(int)Math.Max(words, 1)];
        Argument* native = stackalloc Argument[Math.Max(arguments.Length, 1)];
        for (int i = 0; i < arguments.Length; i++) scratch += arguments[i].Write(native + i, scratch);

        IntPtr* results = stackalloc IntPtr[MaximalResults];
        Check(mt_call(target, native, arguments.Length, results, MaximalResults, out int count));
        foreach (Value v in arguments) GC.KeepAlive(v.Object);
        return new ReadOnlySpan<IntPtr>(results, count).ToArray();
    }

    private static IntPtr Find(string name)
    {
        int dot = name.IndexOf('.');
        string overload = dot < 0 ? "" : name[(dot + 1)..];
        Check(mt_operator("aten::" + (dot < 0 ? name : name[..dot]), overload, out IntPtr target));
        return target;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Argument
    {
        public int Kind;
        public int Count;
        public long Integer;
        public double Real;
        public void* Data;
    }

    [LibraryImport(Library)]
    private static partial IntPtr mt_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mt_operator(string name, string overload, out IntPtr target);

    [LibraryImport(Library)]
    private static partial int mt_call(
        IntPtr target, Argument* arguments, int count, IntPtr* results, int capacity, out int written);

    [LibraryImport(Library)]
    public static partial void mt_free(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_same(IntPtr tensor, out IntPtr result);

    [LibraryImport(Library)]
    public static partial long mt_dimensions(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial void mt_shape(IntPtr tensor, long* sizes);

    [LibraryImport(Library)]
    public static partial int mt_strides(IntPtr tensor, long* strides);

    [LibraryImport(Library)]
    public static partial long mt_elements(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_type(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial long mt_device(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_contiguous(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_data(IntPtr tensor, out void* data);

    [LibraryImport(Library)]
    public static partial int mt_requires_grad(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_set_requires_grad(IntPtr tensor, int value);

    [LibraryImport(Library)]
    public static partial int mt_leaf(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_retain_grad(IntPtr tensor);

    [LibraryImport(Library)]
    public static partial int mt_grad(IntPtr tensor, out IntPtr gradient);

    [LibraryImport(Library)]
    public static partial int mt_set_grad(IntPtr tensor, IntPtr gradient);

    [LibraryImport(Library)]
    public static partial int mt_backward(IntPtr[] outputs, int outputCount, IntPtr[] gradients, int gradientCount,
        int retain, int create, IntPtr[] inputs, int inputCount);

    [LibraryImport(Library)]
    public static partial int mt_gradients(IntPtr[] outputs, int outputCount, IntPtr[] inputs, int inputCount,
        IntPtr[] gradients, int gradientCount, int retain, int create, int unused, [Out] IntPtr[] results);

    [LibraryImport(Library)]
    public static partial int mt_grad_enabled();

    [LibraryImport(Library)]
    public static partial void mt_set_grad_enabled(int value);

    [LibraryImport(Library)]
    public static partial int mt_seed(long seed);

    [LibraryImport(Library)]
    public static partial int mt_generator(ulong seed, long device, out IntPtr generator);

    [LibraryImport(Library)]
    public static partial int mt_generator_seed(IntPtr generator, long seed);

    [LibraryImport(Library)]
    public static partial int mt_generator_state(IntPtr generator, out IntPtr state);

    [LibraryImport(Library)]
    public static partial int mt_generator_set_state(IntPtr generator, IntPtr state);

    [LibraryImport(Library)]
    public static partial void mt_generator_free(IntPtr generator);

    [LibraryImport(Library)]
    public static partial int mt_threads();

    [LibraryImport(Library)]
    public static partial int mt_set_threads(int count);

    [LibraryImport(Library)]
    public static partial int mt_matmul_allows(int which);


    [LibraryImport(Library)]
    public static partial void mt_set_matmul_allows(int which, int value);

    [LibraryImport(Library)]
    public static partial int mt_cuda_devices();

    [LibraryImport(Library)]
    public static partial int mt_cuda_synchronize(long index);
}
