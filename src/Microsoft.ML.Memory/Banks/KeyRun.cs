// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Neighbouring live rows of a segment.</summary>
internal readonly record struct KeyRun(EntrySegment Segment, int Start, int Count)
{
    /// <summary>Largest run, so that a packed copy of it stays small.</summary>
    private const int LongestBytes = 16 << 20;

    /// <summary>The keys of the rows as one flat span; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> Keys => Segment.KeysOf(Start, Count);

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
