// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The inputs, or the outputs, of a session; their names stay in native memory, ready for every run.</summary>
internal sealed class SessionNodes
{
    private readonly Dictionary<string, IntPtr> _nativeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeMetadata> _metadata = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly string _role;

    public SessionNodes(IntPtr session, bool input)
    {
        _role = input ? "Input" : "Output";
        nuint count = NativeMethods.CountOf(session, input);
        for (nuint i = 0; i < count; i++)
        {
            string name = NativeMethods.NameOf(session, input, i);
            _names.Add(name);
            _metadata[name] = Metadata(session, input, i);
            _nativeNames[name] = Marshal.StringToCoTaskMemUTF8(name);
        }
    }

    ~SessionNodes()
    {
        foreach (IntPtr name in _nativeNames.Values)
            Marshal.FreeCoTaskMem(name);
    }

    public IReadOnlyList<string> Names => _names;

    public IReadOnlyDictionary<string, NodeMetadata> ByName => _metadata;

    public IntPtr NativeName(string name) => _nativeNames.TryGetValue(name, out IntPtr result)
        ? result
        : throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"{_role} name: '{name}' is not in the metadata");

    private static NodeMetadata Metadata(IntPtr session, bool input, nuint index)
    {
        IntPtr typeInfo = NativeMethods.TypeInfoOf(session, input, index);
        try
        {
            return NodeMetadata.Of(typeInfo);
        }
        finally
        {
            NativeMethods.Release(NativeMethods.ReleaseTypeInfo, typeInfo);
        }
    }
}
