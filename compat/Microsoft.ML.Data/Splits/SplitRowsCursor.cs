// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Passes on the rows of a source cursor that belong to a split.</summary>
internal sealed class SplitRowsCursor : SourceCursor
{
    private readonly SplitRowsView _view;
    private readonly ActiveColumns _active;
    private readonly Func<double> _place;

    public SplitRowsCursor(
        IChannelProvider channels,
        SplitRowsView view,
        DataViewRowCursor source,
        ActiveColumns active,
        Func<double> place)
        : base(channels, source)
    {
        _view = view;
        _active = active;
        _place = place;
    }

    public override DataViewSchema Schema => _view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _active[column]
        ? Source.GetGetter<TValue>(_view.SourceOf(column))
        : throw Channel.Except();

    protected override bool MoveNextCore()
    {
        while (Source.MoveNext())
        {
            if (_view.Holds(_place()))
                return true;
        }
        return false;
    }
}
