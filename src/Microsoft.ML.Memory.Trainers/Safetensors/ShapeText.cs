// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Shows shapes in messages and counts their elements.</summary>
internal static class ShapeText
{
    /// <summary>Gives a shape such as <c>[2, 3]</c>.</summary>
    public static string Of(ReadOnlySpan<long> shape)
    {
        string[] lengths = new string[shape.Length];
        for (int index = 0; index < lengths.Length; index++)
            lengths[index] = shape[index].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", lengths)}]";
    }

    /// <summary>Counts the bytes of a shape; null where its lengths, zeros left out, exceed 63 bits.</summary>
    public static long? ByteCount(ReadOnlySpan<long> shape, int elementSize)
    {
        Int128 product = elementSize;
        bool empty = false;
        foreach (long length in shape)
        {
            empty |= length == 0;
            product *= Math.Max(length, 1);
            if (product > long.MaxValue) return null;
        }

        return empty ? 0 : (long)product;
    }
}
