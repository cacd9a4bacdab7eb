// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads a text: its length, then its UTF-16 code units, whatever they are.</summary>
/// <remarks>UTF-8 would lose halves of surrogate pairs, which cut texts end with.</remarks>
internal static class TextFormat
{
    public static void Write(BinaryWriter writer, ReadOnlySpan<char> text)
    {
        writer.Write7BitEncodedInt(text.Length);
        writer.Write(MemoryMarshal.AsBytes(text));
    }

    /// <exception cref="FormatException">The text is said to be longer than what is left.</exception>
    public static string Read(BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        long left = (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(char);
        if (length < 0 || length > left)
            throw new FormatException($"A text must have a length in [0, {left}]. Got {length}.");
        return string.Create(
            length, reader, (text, source) => source.BaseStream.ReadExactly(MemoryMarshal.AsBytes(text)));
    }
}
