// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Compares what is written to it with bytes, and keeps nothing.</summary>
internal sealed class SameBytes(byte[] expected) : Stream
{
    private long _position;
    private bool _isSame = true;

    /// <summary>Whether the bytes were written, all of them and no others.</summary>
    public bool IsSame => _isSame && _position == expected.Length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _isSame = _isSame && buffer.Length <= expected.Length - _position
            && buffer.SequenceEqual(expected.AsSpan((int)_position, buffer.Length));
        _position += buffer.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
