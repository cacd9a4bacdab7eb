// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What stored rows hold beside features and ids: a slot for each row, in the order of adding, and groups.
/// </summary>
/// <remarks>
/// <para>The slot of a row is found by the sequence number of its entry. Slots of removed rows stay until they are more
/// than those of the others, so removal costs O(1) on average.</para>
/// <para>Immutable.</para>
/// </remarks>
internal sealed class StoredRows
{
    private readonly SharedList<long> _sequences;

    /// <summary>Keeps columns together with the sequence numbers, ascending, of their slots.</summary>
    public StoredRows(IReadOnlyList<StoredColumn> columns, long[] sequences, GroupTable? groups = null)
        : this(columns, new SharedList<long>(sequences), groups)
    {
    }

    private StoredRows(IReadOnlyList<StoredColumn> columns, SharedList<long> sequences, GroupTable? groups)
    {
        Columns = columns;
        Groups = groups;
        _sequences = sequences;
    }

    public IReadOnlyList<StoredColumn> Columns { get; }

    /// <summary>What the labels of the rows' entries stand for; null where there are no groups.</summary>
    public GroupTable? Groups { get; }

    /// <summary>Gives the slot of the entry with a sequence number, which must be stored.</summary>
    public int SlotOf(long sequence)
    {
        // Without gaps, the number says the slot.
        long guess = sequence - _sequences[0];
        return guess < _sequences.Count && _sequences[(int)guess] == sequence
            ? (int)guess
            : _sequences.Values.BinarySearch(sequence);
    }

    /// <summary>Gives the rows with columns that have grown by the values of the entries from a sequence number on.
    /// </summary>
    public StoredRows With(IReadOnlyList<StoredColumn> columns, long firstSequence, int added)
    {
        long[] sequences = new long[columns.Count == 0 ? 0 : added];
        for (int row = 0; row < sequences.Length; row++) sequences[row] = firstSequence + row;
        return new StoredRows(columns, _sequences.Append(sequences), Groups);
    }

    /// <summary>Gives the rows for a bank from which entries were removed.</summary>
    public StoredRows For(BankSnapshot bank)
    {
        if (bank.Count >= _sequences.Count / 2) return this;
        long[] sequences = [.. bank.Entries.Select(entry => entry.Sequence)];
        int[] slots = Array.ConvertAll(sequences, SlotOf);
        return new StoredRows([.. Columns.Select(column => column.Keep(slots))], sequences, Groups);
    }
}
