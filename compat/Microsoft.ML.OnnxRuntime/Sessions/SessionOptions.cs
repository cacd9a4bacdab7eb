// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Settings of a session.</summary>
public class SessionOptions : SafeHandle
{
    private GraphOptimizationLevel _graphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
    private ExecutionMode _executionMode = ExecutionMode.ORT_SEQUENTIAL;
    private OrtLoggingLevel _logSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;
    private int _intraOpNumThreads;
    private int _interOpNumThreads;
    private bool _enableMemoryPattern = true;
    private bool _enableCpuMemArena = true;

    public SessionOptions() : base(IntPtr.Zero, true)
    {
        OrtEnv.Instance();
        SetHandle(NativeMethods.CreateSessionOptions());
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    public GraphOptimizationLevel GraphOptimizationLevel
    {
        get => _graphOptimizationLevel;
        set
        {
            NativeMethods.SetGraphOptimizationLevel(Handle, value);
            _graphOptimizationLevel = value;
        }
    }

    public ExecutionMode ExecutionMode
    {
        get => _executionMode;
        set
        {
            NativeMethods.SetExecutionMode(Handle, value);
            _executionMode = value;
        }
    }

    public OrtLoggingLevel LogSeverityLevel
    {
        get => _logSeverityLevel;
        set
        {
            NativeMethods.SetLogSeverityLevel(Handle, value);
            _logSeverityLevel = value;
        }
    }

    public int IntraOpNumThreads
    {
        get => _intraOpNumThreads;
        set
        {
            NativeMethods.SetIntraOpNumThreads(Handle, value);
            _intraOpNumThreads = value;
        }
    }

    public int InterOpNumThreads
    {
        get => _interOpNumThreads;
        set
        {
            NativeMethods.SetInterOpNumThreads(Handle, value);
            _interOpNumThreads = value;
        }
    }

    public bool EnableMemoryPattern
    {
        get => _enableMemoryPattern;
        set
        {
            NativeMethods.SetMemoryPattern(Handle, value);
            _enableMemoryPattern = value;
        }
    }

    public bool EnableCpuMemArena
    {
        get => _enableCpuMemArena;
        set
        {
            NativeMethods.SetCpuMemArena(Handle, value);
            _enableCpuMemArena = value;
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

    public void AppendExecutionProvider_CPU(int useArena = 1)
    {
        NativeMethods.Verify(NativeMethods.OrtSessionOptionsAppendExecutionProvider_CPU(Handle, useArena));
        GC.KeepAlive(this);
    }

    public void AppendExecutionProvider_CUDA(int deviceId = 0)
    {
        NativeMethods.Verify(NativeMethods.OrtSessionOptionsAppendExecutionProvider_CUDA(Handle, deviceId));
        GC.KeepAlive(this);
    }

    public unsafe void AddSessionConfigEntry(string configKey, string configValue)
    {
        fixed (byte* key = Utf8.Bytes(configKey))
        fixed (byte* value = Utf8.Bytes(configValue))
            NativeMethods.AddSessionConfigEntry(Handle, key, value);
        GC.KeepAlive(this);
    }

    public unsafe void AddFreeDimensionOverrideByName(string dimName, long dimValue)
    {
        fixed (byte* name = Utf8.Bytes(dimName))
            NativeMethods.AddFreeDimensionOverrideByName(Handle, name, dimValue);
        GC.KeepAlive(this);
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.Release(NativeMethods.ReleaseSessionOptions, handle);
        return true;
    }
}
