// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes all active columns of a row when it moves, and wraps what then goes wrong.</summary>
/// <remarks>The host does so on worker threads, some rows ahead; here it is done row by row.</remarks>
internal sealed class ConsolidatedCursor : DataViewRowCursor
{
    private const string BadState = "Cannot get value as the cursor is not in a good state";

    private readonly IHost _host;
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly ColumnSlots[] _slots;
    private readonly Delegate[] _getters;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private DataViewRowId _id;

    public ConsolidatedCursor(IHost host, DataViewRowCursor source, ActiveColumns active)
    {
        _host = host;
        _source = source;
        _active = active;
        _sourceId = source.GetIdGetter();
        _slots = new ColumnSlots[Schema.Count];
        _getters = new Delegate[Schema.Count];
        foreach (DataViewSchema.Column column in active.Of(Schema))
        {
            ColumnSlots slots = ColumnSlots.Create(column.Type, 1);
            slots.Bind(source, column);
            _slots[column.Index] = slots;
            _getters[column.Index] = slots.CreateGetter(GoodSlot);
        }
    }

    public override long Position => _source.Position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _source.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

    // The source knows the right exception for an inactive column or a wrong type.
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column) && _getters[column.Index] is ValueGetter<TValue> getter
            ? getter
            : _source.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        GoodSlot();
        id = _id;
    };

    public override bool MoveNext()
    {
        try
        {
            if (!_source.MoveNext())
                return false;
            _sourceId(ref _id);
            foreach (ColumnSlots slots in _slots)
                slots?.Fill(0);
            return true;
        }
        catch (Exception exception)
        {
            throw RowBlockSource.Wrap(exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        base.Dispose(disposing);
    }

    private int GoodSlot() => _source.Position >= 0 ? 0 : throw HostErrors.Except(null, BadState);
}
