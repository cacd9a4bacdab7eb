// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Where native memory of tensors comes from.</summary>
public class OrtAllocator : SafeHandle
{
    // Belongs to the library: never released.
    private static readonly Lazy<OrtAllocator> _default = new(() => new OrtAllocator(NativeMethods.DefaultAllocator()));

    private OrtAllocator(IntPtr allocator) : base(IntPtr.Zero, false) => SetHandle(allocator);

    public static OrtAllocator DefaultInstance => _default.Value;

    public override bool IsInvalid => handle == IntPtr.Zero;

    internal IntPtr Handle => handle;

    protected override bool ReleaseHandle() => true;
}
