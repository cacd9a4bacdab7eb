// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Reads files that another may cut short meanwhile.</summary>
internal static class WholeRead
{
    /// <summary>Reads as many bytes as there were.</summary>
    /// <param name="stream">Where they come from.</param>
    /// <param name="bytes">Receives them.</param>
    /// <param name="what">What is read, for the message.</param>
    /// <exception cref="InvalidDataException">There are fewer by now.</exception>
    public static void Fill(Stream stream, Span<byte> bytes, string what)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read == bytes.Length) return;
        throw new InvalidDataException(
            $"{what} must not be changed while it is read. Got its end after {read} of {bytes.Length} bytes. "
            + "Fit again once it is written in full.");
    }
}
