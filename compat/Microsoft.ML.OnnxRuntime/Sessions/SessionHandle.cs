// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A native session, which outlives every run that has begun.</summary>
internal sealed class SessionHandle : SafeHandle
{
    public SessionHandle(IntPtr session) : base(IntPtr.Zero, true) => SetHandle(session);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        NativeMethods.Release(NativeMethods.ReleaseSession, handle);
        return true;
    }
}
