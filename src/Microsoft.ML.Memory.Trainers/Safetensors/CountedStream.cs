// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Passes the bytes of one tensor on, exactly as many as it has.</summary>
internal sealed class CountedStream(Stream target, TensorEntry entry) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Requires that all bytes have come.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    public void RequireComplete()
    {
        if (_written != entry.ByteLength) throw Error($"{_written}");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > entry.ByteLength - _written) throw Error("more");
        target.Write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private InvalidOperationException Error(string got)
        => new($"The writer of tensor {entry} must write {entry.ByteLength} bytes. Got {got}.");
}
