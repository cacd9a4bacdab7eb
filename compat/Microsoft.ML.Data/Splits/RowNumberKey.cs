// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Places from a seeded sequence, one number per row. The real host draws another sequence.</summary>
internal sealed class RowNumberKey : ISplitKey
{
    private readonly ulong _seed;

    public RowNumberKey(int seed) => _seed = SplitHash.Start(seed);

    public DataViewSchema.Column? Column => null;

    public Func<double> Place(DataViewRowCursor cursor)
    {
        ulong row = 0;
        return () => SplitHash.ToPlace(SplitHash.Mix(_seed, row++));
    }
}
