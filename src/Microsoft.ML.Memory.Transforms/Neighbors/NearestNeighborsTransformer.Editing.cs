// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

public sealed partial class NearestNeighborsTransformer
{
    /// <summary>Stores more rows.</summary>
    /// <remarks>
    /// The result equals a fit on the former rows followed by these, where the search is exact, but that rows without
    /// an id column are numbered on from all that ever were. Cost: the added rows; those that are there already are
    /// shared, not copied. A graph takes added rows in once they are many; until then they are compared with as well.
    /// </remarks>
    /// <param name="rows">Rows with the columns that the estimator was fitted on; none changes nothing.</param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">
    /// A column is missing or of another type than those stored, or an id is taken; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A feature is not a finite number (the message names the row), or a row's vector has another length than its
    /// column says.
    /// </exception>
    public NearestNeighborsTransformer Add(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);

        using IChannel channel = _environment.Register(nameof(NearestNeighborsTransformer)).Start("Add");
        var bank = new MemoryBank(Bank);
        StoredRows all = RowImport.Into(bank, Rows, rows, Options, channel);
        return With(bank.Snapshot(), all, channel);
    }

    /// <summary>Forgets rows: the result answers as if they had never been there.</summary>
    /// <remarks>
    /// Along a graph, other rows may be found than along one built without them; those removed never are.
    /// A saved result holds no byte of them; in memory, their values are let go of once they outnumber the others, and
    /// the value of a group that has no rows any more when the lookup is saved and loaded.
    /// Cost: a look-up for each id, an eighth of a byte for each stored row, and now and then rows are copied together.
    /// </remarks>
    /// <param name="ids">Ids of stored rows, each named once.</param>
    /// <returns>A new transformer; this one keeps the rows.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    public NearestNeighborsTransformer Remove(params IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);

        using IChannel channel = _environment.Register(nameof(NearestNeighborsTransformer)).Start("Remove");
        var bank = new MemoryBank(Bank);
        bank.Remove([.. ids]);
        return With(bank.Snapshot(), Rows.For(bank.Snapshot()), channel);
    }

    private NearestNeighborsTransformer With(BankSnapshot bank, StoredRows rows, IChannel channel)
        => new(_environment, Options, Options.Indexed(bank, channel), rows);
}
