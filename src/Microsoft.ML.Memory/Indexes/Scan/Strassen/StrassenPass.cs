// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>
/// A pass that scores pairs of groups of rows for pairs of panels by Strassen's algorithm: seven products of halves
/// instead of eight, so that it is faster than a processor that only multiplied and added could be.
/// </summary>
/// <remarks>
/// <para>Source: Strassen, "Gaussian elimination is not optimal", 1969, Numerische Mathematik 13, with the sums of
/// Winograd's variant. One level: each more would save an eighth again and blur scores many times as much.</para>
/// <para>Error: let no row of the pair of groups be longer than R, and no query of a pair, one of each panel, longer
/// than Q. The norms of the factors, by the triangle inequality, make the products at most R Q (the first, or the first
/// two together), (1 + √2)² R Q (the third) and √8 R Q (each other one). A score takes at most four of them, of
/// (1 + (1 + √2)² + 2 √8) R Q = 12.49 R Q together, each an inner product of length d/2 whose factors and whose
/// sum with the others are rounded a few times more, which the 32 in <see cref="ScanBound.RoundingOf"/> pays for. So it
/// is off by 12.5 times what a score of half the length is, with R and Q in place of the norms of its row and
/// query.</para>
/// <para>A long row would blur short ones: groups whose rows differ too much in length are scored one by one. Where
/// rows are nearly alike (<see cref="RowSpread"/>) all are.</para>
/// </remarks>
internal sealed unsafe class StrassenPass<TTile> : TilePass<TTile> where TTile : struct, IStrassenTile
{
    private const int Products = 7;
    private const int RunBytes = 150 << 10; // with the sums, and the next run, what a second-level cache holds
    private const int BytesOfLine = 64;

    private readonly StrassenPanels _panels;
    private readonly StrassenRows[] _rows;
    private readonly float*[] _sums; // of each worker [pairs, 4, R, W]
    private readonly float* _zeros;

    private StrassenPass(NativeScratch scratch, in ScanRequest scan, ScanWave wave)
        : base(scratch, scan, wave, 2, RunBytes)
    {
        int panels = wave.Capacity / TTile.Queries, pairs = GroupsOfRun / 2;
        _panels = new StrassenPanels(scratch, wave.Panels, panels, scan.Dimension / 2 * TTile.Queries);
        _zeros = scratch.Take<float>(Size);
        new Span<float>(_zeros, Size).Clear();
        _rows = new StrassenRows[wave.WorkerCount];
        _sums = new float*[wave.WorkerCount];
        for (int worker = 0; worker < _rows.Length; worker++)
        {
            _rows[worker] = new StrassenRows(scratch, pairs, TTile.Rows, scan.Dimension);
            _sums[worker] = scratch.Take<float>(4L * pairs * Size);
        }
    }

    private static int Size => TTile.Rows * TTile.Queries;

    private double Rounding => ScanBound.RoundingOfPairs(Scan.Dimension);

    /// <summary>Makes a pass by seven products where that pays.</summary>
    public static ScanPass Of(NativeScratch scratch, in ScanRequest scan, ScanWave wave) =>
        StrassenRange.Has(wave.Capacity, scan.Dimension)
            ? new StrassenPass<TTile>(scratch, scan, wave)
            : new TilePass<TTile>(scratch, scan, wave);

    public override ScanBound BoundOf(int place, double square)
    {
        if (Wave.IsExact) return base.BoundOf(place, square);
        int partner = place ^ TTile.Queries; // in the other panel; W is a power of 2
        double other = partner < Wave.Capacity ? Wave.Square(partner) : 0;
        if (!RowTerm.IsTrusted(Scan.Metric, other)) other = 0; // packed as zeros
        double largestNorm = RowTerm.NormOf(Scan.Metric, LargestTerm);
        return new ScanBound(
            Scan.Metric, Scan.Dimension, square, largestNorm, Wave.Weight, Rounding, Math.Max(square, other));
    }

    public override void Open(int panel)
    {
        if (!Wave.IsExact) _panels.Add(panel);
    }

    protected override void Score(int worker, ref RowGroups<ValueRows> groups)
    {
        if (Wave.IsExact)
        {
            base.Score(worker, ref groups);
            return;
        }

        ref StrassenRows rows = ref _rows[worker];
        Pair(worker, ref groups, ref rows);
        byte* next = groups.Group(0) + BytesOfRun; // the next run, most likely
        int step = StepOf(rows.Count);
        int panel = 0;
        for (; panel + 1 < PanelCount; panel += 2)
        {
            next = Multiply(worker, panel, next, step);
            for (int pair = 0; pair < rows.Count; pair++) Sift(worker, ref groups, rows.Group(pair), panel, pair);
        }

        if (panel == PanelCount) return;
        for (int pair = 0; pair < rows.Count; pair++)
            Score<Product>(worker, ref groups, panel, rows.Group(pair), rows.Group(pair) + 2);
    }

    /// <summary>Takes up pairs of groups of a run, and scores the groups that are in none.</summary>
    private void Pair(int worker, ref RowGroups<ValueRows> groups, ref StrassenRows rows)
    {
        float blur = (float)ScanBound.BlurOf(Scan.Metric, Rounding, Wave.Weight);
        int single = 0;
        rows.Clear();
        for (int group = 0; group + 1 < groups.Count; group += 2)
        {
            int row = group * TTile.Rows;
            if (!groups.Rows.TryBlur(blur, row, 2 * TTile.Rows, groups.Positions + row)) continue;
            rows.Add(group, (float*)groups.Group(group), (float*)groups.Group(group + 1));
            Score(worker, ref groups, single, group);
            single = group + 2;
        }

        Score(worker, ref groups, single, groups.Count);
    }

    /// <summary>Multiplies all pairs of groups with a pair of panels.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="next">What is asked for from memory meanwhile.</param>
    /// <param name="step">Bytes of it to ask for with each product.</param>
    /// <returns>Up to where it was asked for.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* Multiply(int worker, int panel, byte* next, int step)
    {
        ref StrassenRows rows = ref _rows[worker];
        int half = Scan.Dimension / 2, size = Size;
        for (int product = 0; product < Products; product++)
        {
            float* b = _panels.Of(panel, product);
            for (int pair = 0; pair < rows.Count; pair++)
            {
                float* a = rows.Of(pair, product, out nint stride);
                float* c11 = _sums[worker] + ((nint)4 * pair * size);
                float* c12 = c11 + size, c21 = c12 + size, c22 = c21 + size;
                switch (product)
                {
                    case 0:
                        TTile.Multiply(a, stride, b, half, _zeros, c12);
                        break;
                    case 1:
                        TTile.Multiply(a, stride, b, half, c12, c11);
                        break;
                    case 2 or 5:
                        TTile.Multiply(a, stride, b, half, c12, c12);
                        break;
                    case 3:
                        TTile.Multiply(a, stride, b, half, c12, c21);
                        break;
                    case 4:
                        TTile.Multiply(a, stride, b, half, _zeros, c22);
                        Add(c22, c12, c12);
                        Add(c22, c21, c22);
                        break;
                    default:
                        TTile.Multiply(a, stride, b, half, c21, c21);
                        break;
                }

                if (Sse.IsSupported)
                {
                    for (byte* end = next + step; next < end; next += BytesOfLine) Sse.Prefetch1(next);
                }
            }
        }

        return next;
    }

    private static void Add(float* tile, float* other, float* sum) => TensorPrimitives.Add(
        new ReadOnlySpan<float>(tile, Size), new ReadOnlySpan<float>(other, Size), new Span<float>(sum, Size));

    /// <summary>Makes the sums of a pair of groups and a pair of panels scores, and takes the rows that pass.</summary>
    private void Sift(int worker, ref RowGroups<ValueRows> groups, int group, int panel, int pair)
    {
        uint* passed = stackalloc uint[TTile.Rows];
        float* sums = _sums[worker] + ((nint)4 * pair * Size);
        for (int tile = 0; tile < 4; tile++, sums += Size)
        {
            int row = (group + (tile / 2)) * TTile.Rows, query = (panel + (tile % 2)) * TTile.Queries;
            float* thresholds = Wave.Candidates[worker].Thresholds + query;
            var terms = new TileTerms(groups.Rows.Scales + row, groups.Rows.Offsets + row, thresholds);
            if (TTile.Sift(terms, sums, passed) != 0)
                Take(worker, query, groups.Positions + row, sums, TTile.Rows, TTile.Queries, passed);
        }
    }

    /// <summary>Gives the bytes of the next run to ask for with each product, so that all are asked for.</summary>
    private int StepOf(int pairs)
    {
        int products = Math.Max(PanelCount / 2 * Products * pairs, 1);
        return ((BytesOfRun / products) + BytesOfLine - 1) / BytesOfLine * BytesOfLine;
    }
}
