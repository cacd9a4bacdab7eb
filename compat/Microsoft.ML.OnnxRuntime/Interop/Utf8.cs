// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Text as the C interface has it: UTF-8 that ends in a zero.</summary>
internal static class Utf8
{
    public static string Text(IntPtr text) => text == IntPtr.Zero ? null : Marshal.PtrToStringUTF8(text);

    public static byte[] Bytes(string text)
    {
        var result = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, result);
        return result;
    }
}
