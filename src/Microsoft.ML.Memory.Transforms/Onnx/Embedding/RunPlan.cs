// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Divides a block into runs: rows of equal length together, no more than a batch.</summary>
internal sealed class RunPlan
{
    private readonly List<RowRun> _runs = [];
    private int[] _order = [];
    private int[] _lengths = [];
    private int _count;

    /// <summary>The slots in the order in which they run.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _count);

    public IReadOnlyList<RowRun> Runs => _runs;

    /// <summary>Whether the rows run in the order of their slots.</summary>
    public bool IsInOrder { get; private set; }

    /// <summary>Divides the rows in slots [0, <paramref name="count"/>).</summary>
    /// <param name="feeds">The feeds, which have read the rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="batchSize">Most rows of a run.</param>
    /// <param name="fixedSize">Rows that every run must have; null where any number will do.</param>
    /// <exception cref="InvalidOperationException">Columns hold different numbers of tokens in a row.</exception>
    public void Arrange(NetworkFeed[] feeds, int count, int batchSize, int? fixedSize)
    {
        _runs.Clear();
        _count = count;
        Reserve(count + batchSize);
        for (int slot = 0; slot < count; slot++)
        {
            _order[slot] = slot;
            _lengths[slot] = LengthOf(feeds, slot);
        }

        IsInOrder = !_lengths.AsSpan(0, count).ContainsAnyExcept(_lengths[0]);
        if (!IsInOrder) SortByLength(count);
        for (int start = 0; start < count;)
        {
            int length = _lengths[_order[start]], used = 1;
            while (used < batchSize && start + used < count && _lengths[_order[start + used]] == length) used++;
            _runs.Add(new RowRun(start, fixedSize ?? used, used, length));
            start += used;
        }

        // Only the last run can have too few rows, since a network of so many takes no rows of different lengths.
        for (int missing = _runs[^1].Count - _runs[^1].Used; missing > 0; missing--)
            _order[_count++] = _order[count - 1];
    }

    private static int LengthOf(NetworkFeed[] feeds, int slot)
    {
        int? length = null;
        foreach (NetworkFeed feed in feeds)
        {
            if (feed.TokenCountOf(slot) is not { } tokens) continue;
            if (length is { } other && other != tokens)
            {
                throw new InvalidOperationException(
                    "The columns of a row must hold the same number of tokens for all inputs of the network. "
                    + $"Got {other} and {tokens}.");
            }

            length = tokens;
        }

        return length ?? 0;
    }

    // By length, then by slot: the same whatever the sort does with equal keys.
    private void SortByLength(int count) => _order.AsSpan(0, count).Sort((a, b) =>
        _lengths[a] != _lengths[b] ? _lengths[a].CompareTo(_lengths[b]) : a.CompareTo(b));

    private void Reserve(int count)
    {
        if (_order.Length >= count) return;
        _order = new int[count];
        _lengths = new int[count];
    }
}
