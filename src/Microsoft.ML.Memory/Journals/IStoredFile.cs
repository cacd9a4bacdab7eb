// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>An open file of an <see cref="IFileStore"/>, read and written at offsets.</summary>
internal interface IStoredFile : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    long Length { get; }

    /// <summary>Reads what is there, at most as much as fits, and gives the number of bytes.</summary>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Writes bytes; the file grows where they reach beyond its end.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file.</summary>
    void Cut(long length);

    /// <summary>Waits until the device has what was written.</summary>
    void Flush();
}
