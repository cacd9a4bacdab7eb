// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Reads rows that are to be stored: features and ids into a bank, the rest into columns.</summary>
internal sealed class RowImport
{
    private readonly BankSnapshot _before;
    private readonly string? _idColumnName;
    private readonly HashSet<long> _added = [];
    private InvalidRows _ungrouped;

    private RowImport(BankSnapshot before, string? idColumnName)
    {
        _before = before;
        _idColumnName = idColumnName;
    }

    /// <summary>Adds every row of a view.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="options">Which columns to read.</param>
    /// <param name="bank">Receives features and ids; spoilt on an error.</param>
    /// <param name="rows">The values that are stored already.</param>
    /// <param name="channel">Where rows without a group are reported.</param>
    /// <param name="accepting">Gives what says whether the current row is to be stored; null: all are.</param>
    /// <returns>The values of all rows.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an id is taken.</exception>
    /// <exception cref="InvalidOperationException">
    /// A feature is not a finite number (the message names the row), or a row's vector has another length than its
    /// column says.
    /// </exception>
    public static StoredRows Into(
        MemoryBank bank,
        StoredRows rows,
        IDataView view,
        NearestNeighborsOptions options,
        IChannel channel,
        Func<DataViewRow, Func<bool>>? accepting = null)
    {
        var import = new RowImport(bank.Snapshot(), options.IdColumnName);
        StoredRows all = import.Read(bank, rows, view, options, accepting);
        if (import._ungrouped.Count > 0 && options.GroupColumnName is { } group)
            import.WarnOfUngrouped(Columns.Find(view.Schema, group), channel);
        return all;
    }

    private StoredRows Read(
        MemoryBank bank,
        StoredRows rows,
        IDataView view,
        NearestNeighborsOptions options,
        Func<DataViewRow, Func<bool>>? accepting)
    {
        ImportColumns columns = ImportColumns.Of(
            view.Schema,
            new ImportColumnNames(options.FeatureColumnName, Id: _idColumnName, Encoder: options.EncoderFingerprint),
            bank.Dimension);
        DataViewSchema.Column[] stored =
            [.. rows.Columns.Select(column => Columns.OfType(view.Schema, column.Name, column.Type))];
        DataViewSchema.Column? groups = options.GroupColumnName is { } name
            ? rows.Groups?.Type.Column(view.Schema, name)
            : null;
        using DataViewRowCursor cursor = view.GetRowCursor(
            columns.All.Concat(stored).Concat(groups is { } read ? [read] : []).DistinctBy(column => column.Index));
        var features = new FeatureReader(cursor, columns.Features);
        Func<long>? id = columns.Id is { } ids ? IdReader.Create(cursor, ids) : null;
        Func<int>? label = groups is { } group ? rows.Groups?.Adder(cursor, group) : null;
        ColumnAppender[] appenders = [.. rows.Columns.Select(column => column.Append())];
        Action[] readers = [.. appenders.Zip(stored, (appender, column) => appender.ReaderOf(cursor, column))];
        var block = new EntryBlock(bank, hasWeights: false, hasIds: id is not null);
        Func<bool>? isStored = accepting?.Invoke(cursor);
        while (cursor.MoveNext())
        {
            if (isStored?.Invoke() == false) continue;
            features.Read(block.Key);
            FeatureRows.RequireFinite(block.Key, cursor.Position);
            foreach (Action reader in readers) reader();
            int own = label is null ? 0 : Count(label(), cursor.Position);
            block.Add(own, 1, id is null ? 0 : RequireFree(id(), cursor.Position));
        }

        block.Flush();
        return rows.With(
            Array.ConvertAll(appenders, appender => appender.Finish()),
            _before.NextSequence,
            bank.Count - _before.Count);
    }

    private void WarnOfUngrouped(DataViewSchema.Column group, IChannel channel)
    {
        string remedy = group.Type is KeyDataViewType && _before.NextSequence > 0
            ? " A mapping to keys has none for values that it was not fitted on: name a column of the values instead."
            : "";
        channel.Warning(
            MessageSensitivity.Schema,
            $"Column '{group.Name}' should tell the group of every row. Got none in {_ungrouped.Count} of "
            + $"{_ungrouped.Total} rows, first in row {_ungrouped.First}; they are stored, and neighbours of none."
            + remedy);
    }

    private int Count(int label, long row)
    {
        _ungrouped = _ungrouped.After(row, label != GroupTable.None);
        return label;
    }

    /// <summary>Refuses an id that is stored, or that an earlier row has.</summary>
    private long RequireFree(long id, long row)
    {
        if (id == long.MaxValue)
        {
            throw new ArgumentException(
                $"Column '{_idColumnName}' must hold ids below {long.MaxValue}. Got it in row {row}.");
        }

        if (!_added.Add(id) || _before.TryFind(id, out _))
        {
            throw new ArgumentException(
                $"Column '{_idColumnName}' must hold ids that are free and differ. Got {id} again in row {row}.");
        }

        return id;
    }
}
