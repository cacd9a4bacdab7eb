// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>
/// Knows of a file what its device has: what was written before a flush that went well. After one that failed the
/// system gives up what it meant to write, as Linux does, and says of the next that all is well.
/// </summary>
/// <param name="content">What the device has at the start.</param>
internal sealed class ForgetfulDisk(byte[] content)
{
    private readonly List<(byte[] Bytes, long Offset)> _waiting = [];
    private byte[] _content = content;

    public bool FailsNextFlush { get; set; }

    /// <summary>Gives what a loss of power leaves that comes when all that waits below a byte is written.</summary>
    public byte[] ContentWith(long end)
    {
        byte[] content = [.. _content];
        foreach ((byte[] bytes, long offset) in _waiting.Where(write => write.Offset < end))
            Put(ref content, bytes, offset);
        return content;
    }

    public void Look(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (!bytes.IsEmpty)
        {
            _waiting.Add((bytes.ToArray(), offset));
            return;
        }

        (byte[] Bytes, long Offset)[] written = [.. _waiting];
        _waiting.Clear();
        if (FailsNextFlush)
        {
            FailsNextFlush = false;
            throw new IOException("Input/output error.");
        }

        foreach ((byte[] each, long at) in written) Put(ref _content, each, at);
    }

    private static void Put(ref byte[] content, byte[] bytes, long offset)
    {
        if (content.Length < offset + bytes.Length) Array.Resize(ref content, (int)offset + bytes.Length);
        bytes.CopyTo(content, offset);
    }
}
