// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Makes getters of columns from the tensors that a network gives.</summary>
internal static class TensorOutput
{
    /// <param name="tensor">The output.</param>
    /// <param name="current">Gives its value for the current row.</param>
    public static Delegate CreateGetter(TensorColumn tensor, Func<OrtValue> current)
    {
        if (tensor.ItemType is TextDataViewType && !tensor.IsScalar)
            return Text(current);
        string name = tensor.IsScalar ? nameof(Scalar) : nameof(Numbers);
        MethodInfo create = typeof(TensorOutput).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic);
        return (Delegate)create.MakeGenericMethod(tensor.ItemType.RawType).Invoke(null, [current]);
    }

    // The computation refuses such a tensor, so that nothing is left to read.
    private static ValueGetter<T> Scalar<T>(Func<OrtValue> current) => (ref T value) => current();

    private static ValueGetter<VBuffer<T>> Numbers<T>(Func<OrtValue> current)
        where T : unmanaged => (ref VBuffer<T> buffer) =>
        {
            ReadOnlySpan<T> values = current().GetTensorDataAsSpan<T>();
            VBufferEditor<T> editor = VBufferEditor.Create(ref buffer, values.Length);
            values.CopyTo(editor.Values);
            buffer = editor.Commit();
        };

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Text(Func<OrtValue> current) =>
        (ref VBuffer<ReadOnlyMemory<char>> buffer) =>
        {
            string[] values = current().GetStringTensorAsArray();
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref buffer, values.Length);
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = values[i].AsMemory();
            buffer = editor.Commit();
        };
}
