// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Neighbouring live rows of a segment.</summary>
internal readonly record struct KeyRun(EntrySegment Segment, int Start, int Count)
{
    /// <summary>Largest run, so that a packed copy of it stays small.</summary>
    private const int LongestBytes = 16 << 20;

    /// <summary>The keys of the rows, which are there, as one flat span; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> Keys => Segment.KeysOf(Start, Count);

    /// <summary>Gives the keys of the rows, or what their codes stand for; the caller keeps the segment alive.
    /// </summary>
    /// <param name="dimension">Length d of a key.</param>
    /// <param name="buffer">Receives what codes stand for, and grows for it; the keys may lie there.</param>
    public ReadOnlySpan<float> Read(int dimension, ref float[] buffer)
    {
        if (Segment.HasKeys) return Keys;
        if (buffer.Length < Count * dimension) buffer = new float[Count * dimension];
        for (int row = 0; row < Count; row++)
            Segment.CopyKey(Start + row, buffer.AsSpan(row * dimension, dimension));
        return buffer.AsSpan(0, Count * dimension);
    }

    /// <summary>Lists the live rows of a snapshot, in order.</summary>
    public static List<KeyRun> LiveRunsOf(BankSnapshot bank)
    {
        int longest = Math.Max(1, LongestBytes / (bank.Dimension * sizeof(float)));
        var runs = new List<KeyRun>();
        foreach (SegmentView view in bank.Views)
        {
            int start = 0;
            for (int row = 0; row <= view.Count; row++)
            {
                bool isLive = row < view.Count && !view.IsRemoved(row);
                if (isLive && row - start < longest) continue;
                if (row > start) runs.Add(new KeyRun(view.Segment, start, row - start));
                start = isLive ? row : row + 1;
            }
        }

        return runs;
    }
}
