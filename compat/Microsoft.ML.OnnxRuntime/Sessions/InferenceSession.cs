// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A loaded model; many threads may run it at once.</summary>
public partial class InferenceSession : IDisposable
{
    private readonly SessionHandle _session;
    private readonly SessionNodes _inputs;
    private readonly SessionNodes _outputs;
    private readonly Lazy<ModelMetadata> _modelMetadata;

    public InferenceSession(string modelPath) : this(OpenWithDefaults(options => Open(modelPath, options)))
    {
    }

    public InferenceSession(string modelPath, SessionOptions options) : this(Open(modelPath, options))
    {
    }

    public InferenceSession(byte[] model) : this(OpenWithDefaults(options => Open(model, options)))
    {
    }

    public InferenceSession(byte[] model, SessionOptions options) : this(Open(model, options))
    {
    }

    private InferenceSession(IntPtr session)
    {
        _session = new SessionHandle(session);
        try
        {
            _inputs = new SessionNodes(session, true);
            _outputs = new SessionNodes(session, false);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
        _modelMetadata = new Lazy<ModelMetadata>(() => WithSession(s => new ModelMetadata(s)));
    }

    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata => _inputs.ByName;

    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata => _outputs.ByName;

    public IReadOnlyList<string> InputNames => _inputs.Names;

    public IReadOnlyList<string> OutputNames => _outputs.Names;

    public ModelMetadata ModelMetadata => _modelMetadata.Value;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _session.Dispose();

    private static IntPtr OpenWithDefaults(Func<SessionOptions, IntPtr> open)
    {
        using var options = new SessionOptions();
        return open(options);
    }

    private static unsafe IntPtr Open(string path, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(path, "chars");
        IntPtr env = OrtEnv.Instance().Handle;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                fixed (char* text = path)
                    return NativeMethods.CreateSession(env, text, options.Handle);
            }
            fixed (byte* text = Utf8.Bytes(path))
                return NativeMethods.CreateSession(env, text, options.Handle);
        }
        finally
        {
            GC.KeepAlive(options);
        }
    }

    private static unsafe IntPtr Open(byte[] model, SessionOptions options)
    {
        nuint length = (nuint)model.Length;
        try
        {
            // The library tells a model of no bytes, which has an address, from no model.
            fixed (byte* bytes = &MemoryMarshal.GetArrayDataReference(model))
            {
                return NativeMethods.CreateSessionFromArray(
                    OrtEnv.Instance().Handle, bytes, length, options.Handle);
            }
        }
        finally
        {
            GC.KeepAlive(options);
        }
    }

    private T WithSession<T>(Func<IntPtr, T> use)
    {
        bool added = false;
        try
        {
            _session.DangerousAddRef(ref added);
            return use(_session.DangerousGetHandle());
        }
        finally
        {
            if (added)
                _session.DangerousRelease();
        }
    }
}
