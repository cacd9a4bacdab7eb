// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The bytes of one tensor file, wherever they lie.</summary>
internal interface ITensorBytes : IDisposable
{
    long Length { get; }

    /// <summary>Copies bytes, all of which must be within <see cref="Length"/>.</summary>
    void Read(long offset, Span<byte> destination);
}
