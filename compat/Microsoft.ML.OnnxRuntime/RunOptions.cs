// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Settings of single runs; setting <see cref="Terminate"/> ends the runs that use it.</summary>
public class RunOptions : SafeHandle
{
    private bool _terminate;

    public RunOptions() : base(IntPtr.Zero, true) => SetHandle(NativeMethods.CreateRunOptions());

    public override bool IsInvalid => handle == IntPtr.Zero;

    public bool Terminate
    {
        get => _terminate;
        set
        {
            NativeMethods.SetTerminate(Handle, value);
            _terminate = value;
        }
    }

    internal IntPtr Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.Release(NativeMethods.ReleaseRunOptions, handle);
        return true;
    }
}
