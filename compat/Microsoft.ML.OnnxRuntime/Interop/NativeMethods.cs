// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The function table of the C interface; the numbers are places in it, which never change.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "onnxruntime";

    // The oldest version that has every function below.
    private const uint ApiVersion = 16;

    private static readonly IntPtr* _table = Table();

    /// <summary>Throws what a status says, and releases it; no status means success.</summary>
    public static void Verify(IntPtr status)
    {
        if (status != IntPtr.Zero)
            Throw(status);
    }

    public static void Release(int function, IntPtr value) =>
        ((delegate* unmanaged<IntPtr, void>)_table[function])(value);

    // A function whose only argument, or only one beyond the object, is where its result goes.
    private static IntPtr Create(int function)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<IntPtr*, IntPtr>)_table[function])(&result));
        return result;
    }

    private static IntPtr Pointer(int function, IntPtr self)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<IntPtr, IntPtr*, IntPtr>)_table[function])(self, &result));
        return result;
    }

    private static int Int32(int function, IntPtr self)
    {
        int result;
        Verify(((delegate* unmanaged<IntPtr, int*, IntPtr>)_table[function])(self, &result));
        return result;
    }

    private static long Int64(int function, IntPtr self)
    {
        long result;
        Verify(((delegate* unmanaged<IntPtr, long*, IntPtr>)_table[function])(self, &result));
        return result;
    }

    private static nuint Size(int function, IntPtr self)
    {
        nuint result;
        Verify(((delegate* unmanaged<IntPtr, nuint*, IntPtr>)_table[function])(self, &result));
        return result;
    }

    private static void Throw(IntPtr status)
    {
        int code = ((delegate* unmanaged<IntPtr, int>)_table[1])(status);
        string message = Utf8.Text(((delegate* unmanaged<IntPtr, IntPtr>)_table[2])(status));
        Release(93, status);
        throw new OnnxRuntimeException((ErrorCode)code, message);
    }

    // OrtApiBase: GetApi, GetVersionString.
    private static IntPtr* Table()
    {
        IntPtr* apiBase = (IntPtr*)OrtGetApiBase();
        var api = (IntPtr*)((delegate* unmanaged<uint, IntPtr>)apiBase[0])(ApiVersion);
        if (api == null)
        {
            throw new NotSupportedException(
                $"The native library onnxruntime must offer version {ApiVersion} of its interface. Got an older one.");
        }
        return api;
    }

    [DllImport(Library, ExactSpelling = true)]
    private static extern IntPtr OrtGetApiBase();
}
