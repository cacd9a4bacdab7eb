// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>Copies a file as it is before every write, and half-way through it: what a kill would leave.</summary>
internal sealed class WriteCopies
{
    public List<byte[]> Files { get; } = [];

    /// <summary>Number of the next write to refuse, as a full disk does; -1 refuses none.</summary>
    public int RefusedWrite { get; set; } = -1;

    public int Writes { get; private set; }

    public void Look(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        byte[] content = new byte[RandomAccess.GetLength(file)];
        for (int read = 0; read < content.Length;) read += RandomAccess.Read(file, content.AsSpan(read), read);
        Files.Add(content);
        if (bytes.Length > 1)
        {
            byte[] half = new byte[Math.Max(content.Length, offset + (bytes.Length / 2))];
            content.CopyTo(half, 0);
            bytes[..(bytes.Length / 2)].CopyTo(half.AsSpan((int)offset));
            Files.Add(half);
        }

        if (Writes++ == RefusedWrite) throw new IOException("No space left on device.");
    }
}
