// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Finds rows of a segment by label; sorted when first asked, shared by all snapshots.</summary>
/// <remarks>
/// Memory: 8 bytes a row. Rows that came since are looked through until they are many. Thread safety: any number of
/// searches may ask at once.
/// </remarks>
internal sealed class RowsByLabel
{
    private const int FewLater = 1024;
    private const int LaterShare = 4;

    private readonly Lock _gate = new();
    private volatile long[] _sorted = []; // label in the upper half, row in the lower

    /// <summary>Adds the rows with a label to a list, in ascending order.</summary>
    /// <param name="labels">Labels of the segment's first rows, of which the wanted ones are.</param>
    /// <param name="label">At least 0.</param>
    /// <param name="rows">Receives the rows.</param>
    public void AddTo(List<int> rows, ReadOnlySpan<int> labels, int label)
    {
        long[] sorted = Sorted(labels);
        ReadOnlySpan<long> own = sorted.AsSpan(
            FirstOf(sorted, (long)label << 32)..FirstOf(sorted, ((long)label << 32) + labels.Length));
        int before = rows.Count;
        CollectionsMarshal.SetCount(rows, before + own.Length);
        Span<int> added = CollectionsMarshal.AsSpan(rows)[before..];
        for (int i = 0; i < added.Length; i++) added[i] = (int)own[i];
        for (int row = sorted.Length; row < labels.Length; row++)
        {
            int step = labels[row..].IndexOf(label);
            if (step < 0) break;
            row += step;
            rows.Add(row);
        }
    }

    /// <summary>Gives a number that the rows with a label do not exceed.</summary>
    public int MostOf(ReadOnlySpan<int> labels, int label)
    {
        long[] sorted = Sorted(labels);
        int count = FirstOf(sorted, (label + 1L) << 32) - FirstOf(sorted, (long)label << 32);
        return count + Math.Max(0, labels.Length - sorted.Length);
    }

    private static int FirstOf(long[] sorted, long key)
    {
        int place = sorted.AsSpan().BinarySearch(key);
        return place < 0 ? ~place : place;
    }

    private long[] Sorted(ReadOnlySpan<int> labels)
    {
        if (AreEnough(_sorted, labels.Length)) return _sorted;
        lock (_gate)
        {
            if (AreEnough(_sorted, labels.Length)) return _sorted;
            var sorted = new long[labels.Length];
            for (int row = 0; row < sorted.Length; row++) sorted[row] = ((long)labels[row] << 32) | (uint)row;
            Array.Sort(sorted);
            return _sorted = sorted;
        }
    }

    private static bool AreEnough(long[] sorted, int count) =>
        sorted.Length > 0 && count - sorted.Length <= FewLater + (sorted.Length / LaterShare);
}
