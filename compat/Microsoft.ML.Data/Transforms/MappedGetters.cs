// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The getters of a mapper's output columns over one input row.</summary>
internal sealed class MappedGetters
{
    private readonly IExceptionContext _context;
    private readonly ActiveColumns _active;
    private readonly DataViewRow _input;
    private readonly IReadOnlyList<int> _origins;
    private readonly DataViewSchema _inputSchema;
    private readonly Delegate[] _added;

    public MappedGetters(
        IExceptionContext context,
        DataViewSchema schema,
        ActiveColumns active,
        DataViewRow input,
        IReadOnlyList<int> origins,
        DataViewSchema inputSchema,
        Delegate[] added)
    {
        _context = context;
        Schema = schema;
        _active = active;
        _input = input;
        _origins = origins;
        _inputSchema = inputSchema;
        _added = added;
    }

    public DataViewSchema Schema { get; }

    public bool IsActive(DataViewSchema.Column column) => _active[column];

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
            throw _context.Except();
        DataViewType type = Schema[column.Index].Type;
        if (type.RawType != typeof(TValue))
            throw _context.ExceptWrongType<TValue>(type);
        int origin = _origins[column.Index];
        return origin < 0 ? (ValueGetter<TValue>)_added[~origin] : _input.GetGetter<TValue>(_inputSchema[origin]);
    }
}
