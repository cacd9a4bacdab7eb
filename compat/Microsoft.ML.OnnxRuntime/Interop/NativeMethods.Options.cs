// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

internal static unsafe partial class NativeMethods
{
    public const int ReleaseSessionOptions = 100;

    public static IntPtr CreateSessionOptions() => Create(10);

    public static void SetExecutionMode(IntPtr options, ExecutionMode mode) => Set(13, options, (int)mode);

    public static void SetMemoryPattern(IntPtr options, bool value) =>
        Verify(((delegate* unmanaged<IntPtr, IntPtr>)_table[value ? 16 : 17])(options));

    public static void SetCpuMemArena(IntPtr options, bool value) =>
        Verify(((delegate* unmanaged<IntPtr, IntPtr>)_table[value ? 18 : 19])(options));

    public static void SetLogSeverityLevel(IntPtr options, OrtLoggingLevel level) => Set(22, options, (int)level);

    public static void SetGraphOptimizationLevel(IntPtr options, GraphOptimizationLevel level) =>
        Set(23, options, (int)level);

    public static void SetIntraOpNumThreads(IntPtr options, int count) => Set(24, options, count);

    public static void SetInterOpNumThreads(IntPtr options, int count) => Set(25, options, count);

    public static void AddFreeDimensionOverrideByName(IntPtr options, byte* name, long value) =>
        Verify(((delegate* unmanaged<IntPtr, byte*, long, IntPtr>)_table[124])(options, name, value));

    public static void AddSessionConfigEntry(IntPtr options, byte* key, byte* value) =>
        Verify(((delegate* unmanaged<IntPtr, byte*, byte*, IntPtr>)_table[130])(options, key, value));

    // These two are exported beside the table.
    [DllImport(Library, ExactSpelling = true)]
    public static extern IntPtr OrtSessionOptionsAppendExecutionProvider_CPU(IntPtr options, int useArena);

    [DllImport(Library, ExactSpelling = true)]
    public static extern IntPtr OrtSessionOptionsAppendExecutionProvider_CUDA(IntPtr options, int deviceId);

    private static void Set(int function, IntPtr options, int value) =>
        Verify(((delegate* unmanaged<IntPtr, int, IntPtr>)_table[function])(options, value));
}
