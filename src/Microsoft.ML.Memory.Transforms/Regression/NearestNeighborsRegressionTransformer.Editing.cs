// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

public sealed partial class NearestNeighborsRegressionTransformer
{
    /// <summary>Stores more rows.</summary>
    /// <remarks>
    /// The result equals a fit on the former rows followed by these, where the search is exact, but that rows without
    /// an id column are numbered on from all that ever were. Rows whose label is missing (NaN) are skipped, and a
    /// warning says how many. Cost: the added rows; those that are there already are shared, not copied. A graph takes
    /// added rows in once they are many; until then they are compared with as well.
    /// </remarks>
    /// <param name="rows">Rows with the columns that the trainer was fitted on; none changes nothing.</param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, or an id is taken; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A label is infinite, a feature or weight is not a finite number (the message names the row), or a row's vector
    /// has another length than its column says.
    /// </exception>
    public NearestNeighborsRegressionTransformer Add(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);

        using IChannel channel = _environment.Register(nameof(NearestNeighborsRegressionTransformer)).Start("Add");
        return Add(rows, channel);
    }

    /// <summary>Forgets rows: the result predicts as if they had never been there.</summary>
    /// <remarks><inheritdoc cref="NearestNeighborsTransformer.Remove" path="/remarks/node()"/></remarks>
    /// <param name="ids">Ids of stored rows, each named once.</param>
    /// <returns>A new transformer; this one keeps the rows.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    public NearestNeighborsRegressionTransformer Remove(params IEnumerable<long> ids)
        => new(_environment, Options, Lookup.Remove(ids));

    /// <summary>Makes a regression that has no rows yet.</summary>
    internal static NearestNeighborsRegressionTransformer Empty(
        IHostEnvironment environment, NearestNeighborsRegressionOptions options, int dimension)
    {
        BankSnapshot bank = new MemoryBank(dimension, options.Metric).Snapshot();
        var lookup = new NearestNeighborsTransformer(
            environment, options.Lookup, bank, new StoredRows(EmptyColumns(options), []));
        return new NearestNeighborsRegressionTransformer(environment, options, lookup);
    }

    /// <summary>Makes the columns of labels and weights, still empty.</summary>
    internal static StoredColumn[] EmptyColumns(NearestNeighborsRegressionOptions options) =>
        [.. options.Lookup.StoredColumnNames.Select(name => StoredColumn.Empty(name, NumberDataViewType.Single))];

    /// <summary>Stores more rows and reports to a channel.</summary>
    internal NearestNeighborsRegressionTransformer Add(IDataView rows, IChannel channel)
    {
        var labels = new NumericLabels(rows.Schema, Options);
        var bank = new MemoryBank(Model);
        StoredRows all = RowImport.Into(bank, Lookup.Rows, rows, Lookup.Options, channel, labels.ReaderOf);
        labels.WarnOfMissing(channel);
        BankSnapshot indexed = Lookup.Options.Indexed(bank.Snapshot(), channel);
        return new NearestNeighborsRegressionTransformer(
            _environment, Options, new NearestNeighborsTransformer(_environment, Lookup.Options, indexed, all));
    }
}
