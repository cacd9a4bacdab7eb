// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>The entries of a snapshot that have one label; its memory is reused from label to label.</summary>
internal sealed class ClassMembers(BankSnapshot bank)
{
    private readonly List<int> _positions = [];

    /// <summary>The label; negative before one was taken up.</summary>
    public int Label { get; private set; } = -1;

    /// <summary>Number of entries.</summary>
    public int Count => _positions.Count;

    /// <summary>Positions of the entries, ascending.</summary>
    public ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>Takes up the entries of a label.</summary>
    /// <remarks>Cost: O(log n) for each segment, and the entries; sorting n labels once.</remarks>
    public void Load(int label)
    {
        if (Label == label) return;
        Label = label;
        _positions.Clear();
        int start = 0;
        foreach (SegmentView view in bank.Views)
        {
            int first = _positions.Count;
            view.Segment.RowsByLabel.AddTo(_positions, view.Segment.Labels.AsSpan(0, view.Count), label);
            Span<int> rows = CollectionsMarshal.AsSpan(_positions)[first..];
            if (view.RemovedCount > 0) rows = rows[..KeepLive(view, rows)];
            foreach (ref int row in rows) row += start;
            CollectionsMarshal.SetCount(_positions, first + rows.Length);
            start += view.Count;
        }
    }

    /// <summary>Gives the positions from one on.</summary>
    public ReadOnlySpan<int> From(int position)
    {
        int first = _positions.BinarySearch(position);
        return Positions[(first < 0 ? ~first : first)..];
    }

    private static int KeepLive(in SegmentView view, Span<int> rows)
    {
        int kept = 0;
        foreach (int row in rows)
        {
            if (!view.IsRemoved(row)) rows[kept++] = row;
        }

        return kept;
    }
}
