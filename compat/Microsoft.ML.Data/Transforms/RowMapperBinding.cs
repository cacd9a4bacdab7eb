// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row mapper with its whole output schema: the input's columns and the added ones.</summary>
/// <remarks>An added column that hides an input column comes right after it, the others come last.</remarks>
internal sealed class RowMapperBinding : IRowToRowMapper
{
    private readonly IHost _host;
    private readonly RowMapper _mapper;

    // Per output column the index of the input column, or the complement of the index of the added column.
    private readonly List<int> _origins = [];

    public RowMapperBinding(IHost host, DataViewSchema inputSchema, RowMapper mapper)
    {
        _host = host;
        _mapper = mapper;
        InputSchema = inputSchema;
        OutputSchema = BuildSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        ActiveColumns needed = NeededInputs(new ActiveColumns(OutputSchema, dependingColumns));
        return needed.Of(InputSchema);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw _host.ExceptParam(nameof(input),
                "The schema of the row must be the one that the mapper was made for");
        return new MappedRow(input, Bind(_host, input, new ActiveColumns(OutputSchema, activeColumns)));
    }

    /// <summary>The input columns that the active output columns need.</summary>
    public ActiveColumns NeededInputs(ActiveColumns active)
    {
        HashSet<int> needed = [.. _mapper.GetDependencies(IsAddedActive(active))];
        for (int i = 0; i < _origins.Count; i++)
        {
            if (_origins[i] >= 0 && active[i])
                needed.Add(_origins[i]);
        }
        return new ActiveColumns(InputSchema, needed.Select(index => InputSchema[index]));
    }

    /// <summary>The getters of the output columns over an input row.</summary>
    public MappedGetters Bind(IExceptionContext context, DataViewRow input, ActiveColumns active) =>
        new(context, OutputSchema, active, input, _origins, InputSchema,
            _mapper.CreateGetters(input, IsAddedActive(active)));

    private Func<int, bool> IsAddedActive(ActiveColumns active)
    {
        bool[] added = new bool[_mapper.OutputColumns.Count];
        for (int i = 0; i < _origins.Count; i++)
        {
            if (_origins[i] < 0)
                added[~_origins[i]] = active[i];
        }
        return index => added[index];
    }

    private DataViewSchema BuildSchema()
    {
        IReadOnlyList<DataViewSchema.DetachedColumn> added = _mapper.OutputColumns;
        _origins.AddRange(Enumerable.Range(0, InputSchema.Count));
        for (int i = 0; i < added.Count; i++)
        {
            int hidden = _origins.FindLastIndex(origin => NameOf(origin) == added[i].Name);
            _origins.Insert(hidden < 0 ? _origins.Count : hidden + 1, ~i);
        }
        DataViewSchema.Builder builder = new();
        foreach (int origin in _origins)
            builder.AddColumns([origin < 0 ? added[~origin] : new DataViewSchema.DetachedColumn(InputSchema[origin])]);
        return builder.ToSchema();

        string NameOf(int origin) => origin < 0 ? added[~origin].Name : InputSchema[origin].Name;
    }
}
