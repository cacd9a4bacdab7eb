// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

internal sealed unsafe partial class FeatureCache
{
    /// <summary>Reads the taps of examples, in any order.</summary>
    /// <param name="rows">Numbers of the examples, at least one.</param>
    /// <param name="device">Where the tensors go; null leaves them on the host.</param>
    /// <param name="texts">Keys of the examples; empty where they are no texts.</param>
    /// <returns>Tensors of [B, ..] in single precision that belong to the caller's dispose scope; of texts as long as
    /// the longest of them, with zeros behind the shorter ones.</returns>
    /// <exception cref="InvalidOperationException">An example was not written.</exception>
    /// <exception cref="InvalidDataException">An example on disk is damaged, or of another text.</exception>
    public Tensor[] Read(ReadOnlySpan<long> rows, Device? device = null, ReadOnlySpan<TextKey> texts = default)
    {
        using var scope = NewDisposeScope();
        RequireKeys(rows.Length, texts);
        ScalarType type = _layout.Precision == FeatureCachePrecision.Half ? float16 : float32;
        long count = rows.Length;
        long longest = Longest(texts);
        Tensor[] taps = [.. _layout.Shapes.Select(shape => longest == 0 || shape.Length != 2
            ? empty([count, .. shape], type)
            : zeros([count, longest, shape[1]], type))];
        var open = new OpenRow[rows.Length];
        for (int i = 0; i < open.Length; i++) open[i] = Open(rows[i], texts.IsEmpty ? TextKey.None : texts[i]);
        foreach (Tensor tap in taps) Fill(tap, open, longest);
        foreach (OpenRow row in open) Require(row);
        return [.. taps.Select(t => t.to(float32, device ?? CPU).MoveToOuterDisposeScope())];
    }

    private OpenRow Open(long row, TextKey text)
    {
        if (row < 0 || row >= _layout.RowCount)
            throw new ArgumentException($"Rows must be in [0, {_layout.RowCount}). Got {row}.");
        ReadOnlySpan<byte> header = Stored(Offset(row), FeatureCacheLayout.RowHeaderBytes);
        int tokens = BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(uint)..]);
        if (tokens == 0)
            throw new InvalidOperationException($"Row {row} of the feature cache must be written before it is read.");
        if (tokens != text.TokenCount)
        {
            throw new InvalidDataException($"Row {row} of the feature cache '{_file.Name}' must have "
                + $"{text.TokenCount} tokens. Got {tokens}. Make it anew.");
        }

        return new OpenRow
        {
            Number = row,
            Tokens = tokens,
            IsChecked = _layout.LongestText == 0 && row < _isChecked.Length && _isChecked[row],
            Checksum = text.Seed(row),
            Expected = BinaryPrimitives.ReadUInt32LittleEndian(header),
            Next = Offset(row) + header.Length,
        };
    }

    // Copies one tap of all rows; a span of bytes is at most 2 GiB, and so is a tap of one row.
    private void Fill(Tensor tap, Span<OpenRow> rows, long longest)
    {
        long stride = tap.numel() / rows.Length * tap.element_size();
        int most = (int)Math.Min(rows.Length, Array.MaxLength / stride);
        for (int start = 0; start < rows.Length; start += most)
        {
            using var scope = NewDisposeScope();
            Span<OpenRow> some = rows.Slice(start, Math.Min(most, rows.Length - start));
            Span<byte> bytes = tap.narrow(0, start, some.Length).bytes;
            for (int i = 0; i < some.Length; i++)
            {
                ref OpenRow row = ref some[i];
                long own = longest > 0 && tap.ndim == 3 ? stride / longest * row.Tokens : stride;
                Span<byte> target = bytes.Slice((int)(i * stride), (int)own);
                Stored(row.Next, target.Length).CopyTo(target);
                if (!row.IsChecked) row.Checksum = SectionFormat.Checksum(row.Checksum, target);
                row.Next += own;
            }
        }
    }

    private void Require(OpenRow row)
    {
        if (row.IsChecked) return;
        if (row.Checksum == row.Expected)
        {
            if (row.Number < _isChecked.Length) _isChecked[row.Number] = true;
            return;
        }

        throw new InvalidDataException($"Row {row.Number} of the feature cache '{_file.Name}' must match its "
            + "checksum. Got other bytes. Make it anew.");
    }

    private ReadOnlySpan<byte> Stored(long offset, int length) => new(_mapped + offset, length);

    /// <summary>A row that is being read.</summary>
    private struct OpenRow
    {
        public long Number;
        public int Tokens;
        public bool IsChecked;
        public uint Checksum; // of what was read so far
        public uint Expected;
        public long Next; // place of what comes next
    }
}
