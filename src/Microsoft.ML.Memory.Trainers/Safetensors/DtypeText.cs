// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Names and sizes of the element types as the file format has them.</summary>
internal static class DtypeText
{
    private static readonly (string Text, int Size)[] _known =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("I16", 2), ("U16", 2), ("I32", 4), ("U32", 4), ("I64", 8), ("U64", 8),
        ("F16", 2), ("BF16", 2), ("F32", 4), ("F64", 8),
    ];

    /// <summary>All names, for messages.</summary>
    public static string All => string.Join(", ", _known.Select(known => known.Text));

    public static string Of(TensorDtype dtype) => _known[(int)dtype].Text;

    public static int SizeOf(TensorDtype dtype) => _known[(int)dtype].Size;

    public static TensorDtype? Parse(string text)
    {
        int index = Array.FindIndex(_known, known => known.Text == text);
        return index < 0 ? null : (TensorDtype)index;
    }
}
