// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The active columns of a mapped row, and their getters over one input row.</summary>
internal sealed class MappedGetters
{
    private readonly MappedSchema _schema;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate[] _added;

    public MappedGetters(RowMapper mapper, DataViewRow input, bool[] active)
    {
        _schema = mapper.Schema;
        _input = input;
        _active = active;
        var wanted = new bool[mapper.Columns.Length];
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i] && _schema.IsAdded(i, out int index))
                wanted[index] = true;
        }

        _added = mapper.MakeGetters(input, i => wanted[i]);
    }

    public bool IsActive(DataViewSchema.Column column) => _active[CheckIndex(column)];

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        if (!_active[CheckIndex(column)])
            throw Marked.WrongState();
        Type expected = _schema.Output[column.Index].Type.RawType;
        if (expected != typeof(TValue))
            throw Marked.WrongGetter(typeof(TValue), expected);

        return _schema.IsAdded(column.Index, out int index)
            ? (ValueGetter<TValue>)_added[index]
            : _input.GetGetter<TValue>(_schema.Input[index]);
    }

    private int CheckIndex(DataViewSchema.Column column) => column.Index < _active.Length
        ? column.Index
        : throw Marked.Argument("column", $"Column '{column.Name}' is not in the schema of the row");
}
