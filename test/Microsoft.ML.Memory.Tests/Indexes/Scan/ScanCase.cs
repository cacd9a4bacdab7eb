// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>One random search: shape, kind of values, layout and way of running it.</summary>
internal sealed record ScanCase(
    Metric Metric, Values Kind, int RowCount, int Dimension, int QueryCount, int K, int Threads, ScanWidth Width,
    int LargestBlock, int RemovedPercent, int Seed)
{
    private static readonly int[] _dimensions = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 257];

    public static Arbitrary<ScanCase> Arbitrary { get; } = Gen.Choose(
        0, int.MaxValue - 1).Select(FromSeed).ToArbitrary();

    /// <summary>Cases of many queries of long rows, all of which are multiplied in pairs.</summary>
    public static Arbitrary<ScanCase> OfPairs { get; } = Gen.Choose(
        0, int.MaxValue - 1).Select(seed => FromSeed(seed) with
        {
            RowCount = 1 + (seed % 331),
            Dimension = 256 + (seed % 3 * 22),
            QueryCount = 241 + (seed % 47),
            K = 1 + (seed % 13),
        }).ToArbitrary();

    public ScannedRows MakeRows()
    {
        var random = new Random(Seed);
        var values = new float[RowCount * Dimension];
        Fill(values, random);
        var removed = new bool[RowCount];
        for (int row = 0; row < RowCount; row++) removed[row] = random.Next(100) < RemovedPercent;
        return new ScannedRows(
            Metric, Dimension, values, Split(random), RemovedPercent == 0 ? null : row => removed[row]);
    }

    public float[] MakeQueries(float[] rows)
    {
        var random = new Random(Seed + 1);
        var queries = new float[QueryCount * Dimension];
        Fill(queries, random);
        for (int query = 0; query < QueryCount; query++)
        {
            Span<float> values = queries.AsSpan(query * Dimension, Dimension);
            int choice = random.Next(12);
            if (choice < 4 && rows.Length > 0) rows.AsSpan(random.Next(RowCount) * Dimension, Dimension).CopyTo(values);
            else if (choice == 4) values.Clear();
            else if (choice == 5)
                values[random.Next(Dimension)] = random.Next(2) == 0 ? float.NaN : float.NegativeInfinity;
        }

        return queries;
    }

    private static ScanCase FromSeed(int seed)
    {
        var random = new Random(seed);
        T One<T>(params T[] of) => of[random.Next(of.Length)];
        return new ScanCase(
            One(Enum.GetValues<Metric>()),
            One(Enum.GetValues<Values>()),
            One(0, 1, 5, 12, 13, 100, 700),
            One(_dimensions),
            One(1, 2, 5, 6, 8, 9, 16, 17, 33, 70),
            One(1, 2, 7, 20, 100, 1000),
            One(1, 2, 8),
            One(Enum.GetValues<ScanWidth>()),
            One(1, 3, 20, 150, 1000),
            One(0, 0, 30, 95, 100),
            random.Next(int.MaxValue - 1));
    }

    private void Fill(Span<float> values, Random random)
    {
        for (int start = 0; start < values.Length; start += Dimension)
        {
            Span<float> row = values.Slice(start, Dimension);
            for (int i = 0; i < row.Length; i++) row[i] = Value(random);
            if (Kind == Values.MixedScales) Scale(row, MathF.Pow(10, random.Next(-44, 37)));
            if (Kind == Values.Outliers && random.Next(20) == 0) Scale(row, 1e6f);
            if (Kind == Values.OneLong && start == 0) Scale(row, 1e6f);
            if (Kind == Values.Decades) Scale(row, MathF.Pow(10, (6 * random.NextSingle()) - 3));
            if (Kind == Values.HalfZero && random.Next(2) == 0) row.Clear();
            if (random.Next(40) == 0) row.Clear();
        }
    }

    private float Value(Random random) => Kind switch
    {
        Values.Coarse => random.Next(-1, 2),
        Values.Equal => 0.7f,
        Values.Offset => 1000 + random.NextSingle(),
        Values.Huge => ((random.NextSingle() * 2) - 1) * 1e18f,
        Values.Tiny => ((random.NextSingle() * 2) - 1) * 1e-42f,
        Values.Largest => ((random.NextSingle() * 2) - 1) * 3e38f,
        _ => (random.NextSingle() * 2) - 1,
    };

    private static void Scale(Span<float> row, float by)
    {
        for (int i = 0; i < row.Length; i++) row[i] *= by;
    }

    private int[] Split(Random random)
    {
        var sizes = new List<int>();
        for (int left = RowCount; left > 0; left -= sizes[^1])
        {
            sizes.Add(Math.Min(left, random.Next(LargestBlock + 1)));
        }

        return [.. sizes];
    }
}

/// <summary>Kinds of values that a search has to get right.</summary>
internal enum Values
{
    Uniform,
    Coarse,
    Equal,
    Offset,
    Outliers,
    OneLong,
    Decades,
    HalfZero,
    MixedScales,
    Huge,
    Tiny,
    Largest,
}
