// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;

namespace Microsoft.ML.OnnxRuntime;

public partial class InferenceSession
{
    // Up to here pointers lie on the stack.
    private const int StackCount = 32;

    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions runOptions,
        IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputNames)
    {
        int count = inputs.Count;
        Span<IntPtr> names = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        Span<IntPtr> values = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        int i = 0;
        foreach ((string name, OrtValue value) in inputs)
        {
            names[i] = _inputs.NativeName(name);
            values[i++] = value.Handle;
        }
        return RunToNew(runOptions, names[..count], values[..count], outputNames);
    }

    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions runOptions, IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames)
    {
        SameCount(inputNames.Count, nameof(inputNames), inputValues.Count, nameof(inputValues));
        int count = inputNames.Count;
        Span<IntPtr> names = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        Span<IntPtr> values = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        Names(_inputs, inputNames, names);
        Values(inputValues, values);
        return RunToNew(runOptions, names[..count], values[..count], outputNames);
    }

    public void Run(RunOptions runOptions, IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames,
        IReadOnlyCollection<OrtValue> outputValues)
    {
        SameCount(inputNames.Count, nameof(inputNames), inputValues.Count, nameof(inputValues));
        SameCount(outputNames.Count, nameof(outputNames), outputValues.Count, nameof(outputValues));
        int inputCount = inputNames.Count;
        int outputCount = outputNames.Count;
        bool small = inputCount <= StackCount && outputCount <= StackCount;
        int size = small ? StackCount : Math.Max(inputCount, outputCount);
        Span<IntPtr> names = small ? stackalloc IntPtr[StackCount] : new IntPtr[size];
        Span<IntPtr> values = small ? stackalloc IntPtr[StackCount] : new IntPtr[size];
        Span<IntPtr> resultNames = small ? stackalloc IntPtr[StackCount] : new IntPtr[size];
        Span<IntPtr> results = small ? stackalloc IntPtr[StackCount] : new IntPtr[size];
        Names(_inputs, inputNames, names);
        Values(inputValues, values);
        Names(_outputs, outputNames, resultNames);
        Values(outputValues, results);
        RunNative(runOptions, names[..inputCount], values[..inputCount], resultNames[..outputCount],
            results[..outputCount]);
    }

    private DisposableList<OrtValue> RunToNew(RunOptions options, ReadOnlySpan<IntPtr> names,
        ReadOnlySpan<IntPtr> values, IReadOnlyCollection<string> outputNames)
    {
        int count = outputNames.Count;
        Span<IntPtr> resultNames = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        Span<IntPtr> results = count <= StackCount ? stackalloc IntPtr[StackCount] : new IntPtr[count];
        Names(_outputs, outputNames, resultNames);
        // A null asks the library to make the value.
        results.Clear();
        RunNative(options, names, values, resultNames[..count], results[..count]);
        var list = new DisposableList<OrtValue>(count);
        for (int i = 0; i < count; i++)
            list.Add(new OrtValue(results[i]));
        return list;
    }

    private unsafe void RunNative(RunOptions options, ReadOnlySpan<IntPtr> names, ReadOnlySpan<IntPtr> values,
        ReadOnlySpan<IntPtr> resultNames, Span<IntPtr> results)
    {
        IntPtr optionsHandle = options.Handle;
        bool added = false;
        try
        {
            _session.DangerousAddRef(ref added);
            fixed (IntPtr* name = names, value = values, resultName = resultNames, result = results)
            {
                NativeMethods.Verify(NativeMethods.Run(_session.DangerousGetHandle(), optionsHandle, name, value,
                    (nuint)names.Length, resultName, (nuint)resultNames.Length, result));
            }
        }
        finally
        {
            if (added)
                _session.DangerousRelease();
            GC.KeepAlive(options);
            GC.KeepAlive(this);
        }
    }

    private static void Names(SessionNodes nodes, IReadOnlyCollection<string> names, Span<IntPtr> target)
    {
        if (names is IReadOnlyList<string> list)
        {
            for (int i = 0; i < list.Count; i++)
                target[i] = nodes.NativeName(list[i]);
            return;
        }
        int at = 0;
        foreach (string name in names)
            target[at++] = nodes.NativeName(name);
    }

    private static void Values(IReadOnlyCollection<OrtValue> values, Span<IntPtr> target)
    {
        if (values is IReadOnlyList<OrtValue> list)
        {
            for (int i = 0; i < list.Count; i++)
                target[i] = list[i].Handle;
            return;
        }
        int at = 0;
        foreach (OrtValue value in values)
            target[at++] = value.Handle;
    }

    private static void SameCount(int first, string firstName, int second, string secondName)
    {
        if (first != second)
            throw new ArgumentException($"Length of {firstName} ({first}) must match that of {secondName} ({second}).");
    }
}
