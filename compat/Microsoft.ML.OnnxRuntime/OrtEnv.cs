// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The environment of all sessions, one in a process.</summary>
public sealed class OrtEnv : SafeHandle
{
    // Made when it is first asked for: a missing native library must not break a program that only mentions a type.
    private static readonly Lazy<OrtEnv> _instance = new(() => new OrtEnv());

    private unsafe OrtEnv() : base(IntPtr.Zero, true)
    {
        fixed (byte* name = "CSharpOnnxRuntime\0"u8)
            SetHandle(NativeMethods.CreateEnv(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, name));
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    internal IntPtr Handle => handle;

    public static OrtEnv Instance() => _instance.Value;

    public string[] GetAvailableProviders() => NativeMethods.AvailableProviders();

    protected override bool ReleaseHandle()
    {
        NativeMethods.Release(NativeMethods.ReleaseEnv, handle);
        return true;
    }
}
