// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Calls the user's function once per row, always with the same two objects.</summary>
internal sealed class CustomRowMapper<TSrc, TDst> : RowMapper
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly RowWriter<TSrc> _writer;
    private readonly RowBinding _added;

    public CustomRowMapper(Action<TSrc, TDst> mapAction, RowWriter<TSrc> writer, RowBinding added)
    {
        _mapAction = mapAction;
        _writer = writer;
        _added = added;
        OutputColumns = [.. added.Schema.Select(column => new DataViewSchema.DetachedColumn(column))];
    }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    public override IEnumerable<int> GetDependencies(Func<int, bool> isOutputActive) =>
        Enumerable.Range(0, OutputColumns.Count).Any(isOutputActive)
            ? _writer.Columns.Select(column => column.Index)
            : [];

    public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive)
    {
        var getters = new Delegate[OutputColumns.Count];
        int[] active = [.. Enumerable.Range(0, getters.Length).Where(isOutputActive)];
        if (active.Length == 0)
            return getters;
        Func<TDst> current = MakeCurrent(input);
        foreach (int i in active)
            getters[i] = MemberGetters.Create(_added.Columns[i], current);
        return getters;
    }

    private Func<TDst> MakeCurrent(DataViewRow input)
    {
        var source = new TSrc();
        var result = new TDst();
        Action<TSrc> fill = _writer.Bind(input);
        long served = -1;
        return () =>
        {
            if (input.Position == served)
                return result;
            fill(source);
            _mapAction(source, result);
            served = input.Position;
            return result;
        };
    }
}
