// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

public partial class OrtValue
{
    public static OrtValue CreateTensorWithEmptyStrings(OrtAllocator allocator, long[] shape) =>
        CreateAllocatedTensorValue(allocator, TensorElementType.String, shape);

    public void StringTensorSetElementAt(ReadOnlySpan<char> str, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Encoding.UTF8.GetBytes(str,
            NativeMethods.ResizedString(Handle, (nuint)index, Encoding.UTF8.GetByteCount(str)));
    }

    public string[] GetStringTensorAsArray()
    {
        OrtTensorTypeAndShapeInfo info = GetTensorTypeAndShape();
        if (!info.IsString)
        {
            throw new OnnxRuntimeException(
                ErrorCode.Fail,
                "GetStringTensorAsArray() is only supported for string tensors. " +
                $"This OrtValue contains a {info.ElementDataType} tensor.");
        }
        var result = new string[info.ElementCount];
        if (result.Length == 0)
            return result;
        var bytes = new byte[checked((int)NativeMethods.StringDataLength(_handle))];
        var starts = new nuint[result.Length];
        NativeMethods.StringContent(_handle, bytes, starts);
        for (int i = 0; i < result.Length; i++)
        {
            int start = (int)starts[i];
            int end = i + 1 < result.Length ? (int)starts[i + 1] : bytes.Length;
            result[i] = Encoding.UTF8.GetString(bytes, start, end - start);
        }
        return result;
    }
}
