// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Which memory a tensor lies in.</summary>
public class OrtMemoryInfo : SafeHandle
{
    private static readonly Lazy<OrtMemoryInfo> _default = new(() => new OrtMemoryInfo());

    private OrtMemoryInfo() : base(IntPtr.Zero, true) => SetHandle(NativeMethods.CreateCpuMemoryInfo());

    /// <summary>Memory of the processor.</summary>
    public static OrtMemoryInfo DefaultInstance => _default.Value;

    public override bool IsInvalid => handle == IntPtr.Zero;

    internal IntPtr Handle => handle;

    protected override bool ReleaseHandle()
    {
        NativeMethods.Release(NativeMethods.ReleaseMemoryInfo, handle);
        return true;
    }
}
