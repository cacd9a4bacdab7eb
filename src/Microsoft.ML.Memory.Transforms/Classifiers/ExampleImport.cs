// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Reads labelled examples from a view into a bank, block by block, in the order of the view.</summary>
internal sealed class ExampleImport
{
    private readonly DataViewRowCursor _cursor;
    private readonly FeatureReader _features;
    private readonly Func<int?> _label;
    private readonly ValueGetter<float>? _weight;
    private readonly Func<long>? _id;
    private readonly EntryBlock _block;

    private ExampleImport(
        MemoryBank bank, DataViewRowCursor cursor, ImportColumns columns, Func<int?> label)
    {
        _cursor = cursor;
        _label = label;
        _features = new FeatureReader(cursor, columns.Features);
        _weight = columns.Weight is { } weight ? cursor.GetGetter<float>(weight) : null;
        _id = columns.Id is { } id ? IdReader.Create(cursor, id) : null;
        _block = new EntryBlock(bank, _weight is not null, _id is not null);
    }

    /// <summary>Adds every labelled row of a view to a bank and reports rows whose label is missing.</summary>
    /// <returns>The classes of the bank from now on.</returns>
    public static ClassTable Into(
        MemoryBank bank,
        IDataView view,
        ImportColumnNames names,
        DataViewSchema.Column label,
        ClassTable? known,
        IChannel channel)
    {
        var labels = new ExampleLabels(label, known);
        ImportColumns columns = ImportColumns.Of(view.Schema, names, bank.Dimension);
        using DataViewRowCursor cursor = view.GetRowCursor([label, .. columns.All]);
        var import = new ExampleImport(bank, cursor, columns, labels.CreateReader(cursor, label));
        ExampleLabels.WarnOfMissing(import.ReadAll(), label, channel, isAdding: known is not null);
        return labels.Classes;
    }

    private long ReadAll()
    {
        long skipped = 0;
        while (_cursor.MoveNext())
        {
            if (_label() is { } label) ReadRow(label);
            else skipped++;
        }

        _block.Flush();
        return skipped;
    }

    private void ReadRow(int label)
    {
        Span<float> key = _block.Key;
        _features.Read(key);
        FeatureRows.RequireFinite(key, _cursor.Position);
        float weight = 1;
        _weight?.Invoke(ref weight);
        _block.Add(label, FeatureRows.RequireWeight(weight, _cursor.Position), _id is null ? 0 : _id());
    }
}
