// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The bytes of a tensor file held in memory, in pieces of one size but for the last.</summary>
internal sealed class HeldBytes : ITensorBytes
{
    private const int PieceBytes = 1 << 20;

    private readonly int _pieceBytes;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _pieces;

    private HeldBytes(IReadOnlyList<ReadOnlyMemory<byte>> pieces, int pieceBytes, long length)
    {
        _pieces = pieces;
        _pieceBytes = pieceBytes;
        Length = length;
    }

    public long Length { get; }

    public static HeldBytes Of(ReadOnlyMemory<byte> bytes) => new([bytes], int.MaxValue, bytes.Length);

    /// <summary>Reads a length of bytes; memory is taken as the bytes come: a false length costs none.</summary>
    public static HeldBytes From(Stream stream, long length, string source)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (long left = length; left > 0;)
        {
            byte[] piece = new byte[(int)Math.Min(left, PieceBytes)];
            int read = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            left -= read;
            if (read < piece.Length)
                throw BadFile.Error("The content", source, $"be {length} bytes long", $"{length - left}");
            pieces.Add(piece);
        }

        return new HeldBytes(pieces, PieceBytes, length);
    }

    public void Read(long offset, Span<byte> destination)
    {
        IReadOnlyList<ReadOnlyMemory<byte>>? pieces = _pieces;
        ObjectDisposedException.ThrowIf(pieces is null, typeof(SafetensorsFile));
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> piece = pieces[(int)(offset / _pieceBytes)].Span[(int)(offset % _pieceBytes)..];
            int count = Math.Min(piece.Length, destination.Length);
            piece[..count].CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }

    public void Dispose() => _pieces = null;
}
