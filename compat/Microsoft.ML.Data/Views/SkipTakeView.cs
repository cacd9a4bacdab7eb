// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of the first rows of another, or of all but the first.</summary>
internal sealed class SkipTakeView : FilterView
{
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeView(IHostEnvironment environment, IDataView source, long skip, long take)
        : base(environment.Register("SkipTakeFilter", seed: 0), source)
    {
        _skip = skip;
        _take = take;
    }

    // Which rows come first must not depend on chance.
    public override bool CanShuffle => false;

    public override long? GetRowCount() =>
        Source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - _skip), _take) : null;

    public override DataViewRowCursor GetRowCursor(
        IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(Host, Source.GetRowCursor(columnsNeeded), _skip, _take);

    private sealed class Cursor : SourceCursor
    {
        private readonly long _take;
        private long _toSkip;
        private long _taken;

        public Cursor(IHost host, DataViewRowCursor source, long skip, long take)
            : base(host, source)
        {
            _toSkip = skip;
            _take = take;
        }

        protected override bool MoveNextCore()
        {
            for (; _toSkip > 0; _toSkip--)
            {
                if (!Source.MoveNext())
                    return false;
            }
            return _taken++ < _take && Source.MoveNext();
        }
    }
}
