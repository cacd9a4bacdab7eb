// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.OnnxRuntime;

internal static unsafe partial class NativeMethods
{
    public const int ReleaseEnv = 92;
    public const int ReleaseSession = 95;
    public const int ReleaseRunOptions = 97;
    public const int ReleaseTypeInfo = 98;
    public const int ReleaseModelMetadata = 118;

    public static IntPtr CreateEnv(OrtLoggingLevel level, byte* name)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<int, byte*, IntPtr*, IntPtr>)_table[3])((int)level, name, &result));
        return result;
    }

    // The path is UTF-8, on Windows UTF-16.
    public static IntPtr CreateSession(IntPtr env, void* path, IntPtr options)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<IntPtr, void*, IntPtr, IntPtr*, IntPtr>)_table[7])(env, path, options, &result));
        return result;
    }

    public static IntPtr CreateSessionFromArray(IntPtr env, byte* model, nuint length, IntPtr options)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<IntPtr, byte*, nuint, IntPtr, IntPtr*, IntPtr>)_table[8])(
            env, model, length, options, &result));
        return result;
    }

    // Returns the status, so that the caller can clean up first.
    public static IntPtr Run(IntPtr session, IntPtr options, IntPtr* inputNames, IntPtr* inputs, nuint inputCount,
        IntPtr* outputNames, nuint outputCount, IntPtr* outputs) =>
        ((delegate* unmanaged<IntPtr, IntPtr, IntPtr*, IntPtr*, nuint, IntPtr*, nuint, IntPtr*, IntPtr>)_table[9])(
            session, options, inputNames, inputs, inputCount, outputNames, outputCount, outputs);

    public static nuint CountOf(IntPtr session, bool input) => Size(input ? 30 : 31, session);

    public static IntPtr TypeInfoOf(IntPtr session, bool input, nuint index)
    {
        IntPtr result;
        Verify(((delegate* unmanaged<IntPtr, nuint, IntPtr*, IntPtr>)_table[input ? 33 : 34])(session, index, &result));
        return result;
    }

    public static string NameOf(IntPtr session, bool input, nuint index)
    {
        IntPtr allocator = DefaultAllocator();
        IntPtr text;
        Verify(((delegate* unmanaged<IntPtr, nuint, IntPtr, IntPtr*, IntPtr>)_table[input ? 36 : 37])(
            session, index, allocator, &text));
        return TakeText(allocator, text);
    }

    public static IntPtr CreateRunOptions() => Create(39);

    public static void SetTerminate(IntPtr options, bool value) =>
        Verify(((delegate* unmanaged<IntPtr, IntPtr>)_table[value ? 46 : 47])(options));

    public static IntPtr ModelMetadataOf(IntPtr session) => Pointer(111, session);

    // 112 producer, 113 graph, 114 domain, 115 description.
    public static string MetadataText(int function, IntPtr metadata)
    {
        IntPtr allocator = DefaultAllocator();
        IntPtr text;
        Verify(((delegate* unmanaged<IntPtr, IntPtr, IntPtr*, IntPtr>)_table[function])(metadata, allocator, &text));
        return TakeText(allocator, text);
    }

    public static long MetadataVersion(IntPtr metadata) => Int64(117, metadata);

    public static string[] AvailableProviders()
    {
        IntPtr* names;
        int count;
        Verify(((delegate* unmanaged<IntPtr**, int*, IntPtr>)_table[125])(&names, &count));
        try
        {
            var result = new string[count];
            for (int i = 0; i < count; i++)
                result[i] = Utf8.Text(names[i]);
            return result;
        }
        finally
        {
            Verify(((delegate* unmanaged<IntPtr*, int, IntPtr>)_table[126])(names, count));
        }
    }

    private static string TakeText(IntPtr allocator, IntPtr text)
    {
        string result = Utf8.Text(text);
        Verify(((delegate* unmanaged<IntPtr, IntPtr, IntPtr>)_table[76])(allocator, text));
        return result;
    }
}
