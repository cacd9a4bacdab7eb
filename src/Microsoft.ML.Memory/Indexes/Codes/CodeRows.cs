// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Rows read as 8-bit codes, with the numbers that bound their scores from above.</summary>
/// <remarks>
/// <para>Row m = s c + r with step s, code c and |r| at most E; query q = t a + e, likewise. Then q·m = t s (a·c) plus
/// something of at most |t a| E + |e| |m|: the integers a·c bound every inner product.</para>
/// <para>In units of t, with R the largest |e| / |t a| of all queries, no score (see <see cref="ScanBound"/>) exceeds
/// <c>a·c scale + |a| slack + offset / t</c>, where scale, slack and offset are: cosine s / |m|, (E + R |m|) / |m|, 0;
/// squared L2 2 s, 2 (E + R |m|), -|m|^2; inner product s, E + R |m|, 0. Rounding in single precision costs at most
/// 2^-20 (|a| |m| and |m|^2 / t): slack and offset are raised by more.</para>
/// </remarks>
internal unsafe struct CodeRows : IScanRows
{
    /// <summary>More than single precision can be off by, relative to the terms of a score.</summary>
    public const float Rounding = 1f / (1 << 18);

    private const float Underflow = 1e-42f;

    private Metric _metric;
    private float _ratio;

    /// <summary>Largest ratio of a query's error and its code's length.</summary>
    public double QueryError
    {
        set => _ratio = (float)(value + Rounding);
    }

    /// <summary>What has to be taken off the product of a code with a query's shifted code.</summary>
    public int Shift { get; set; }

    /// <summary>The numbers that bound the scores, row by row.</summary>
    public CodeRowTerm* Terms { get; private set; }

    public static int BytesOf(int dimension) => RowCode.LengthOf(dimension);

    public static byte* Of(ScanBlock* block) => (byte*)block->Codes.Values;

    public void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount)
    {
        _metric = scan.Metric;
        Terms = scratch.Take<CodeRowTerm>(rowCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(ScanBlock* block, int row, int place)
    {
        // Single precision is off by less than Rounding, by far, in the few operations here.
        RowCode code = block->Codes.Rows[row];
        float term = block->Terms[row];
        float scale = code.Step, slack = code.Error, offset = 0;
        switch (_metric)
        {
            case Metric.Cosine:
                scale *= term;
                slack = (slack * term) + _ratio;
                break;
            case Metric.SquaredEuclidean:
                scale *= 2;
                slack = 2 * (slack + (_ratio * MathF.Sqrt(term)));
                offset = -term * (1 - Rounding);
                break;
            default:
                slack += _ratio * term;
                break;
        }

        bool isKnown = !float.IsNaN(term) && code.Error < float.PositiveInfinity;
        Terms[place] = isKnown
            ? new CodeRowTerm(scale, (slack * (1 + Rounding)) + Underflow, offset, -Shift * code.Sum)
            : new CodeRowTerm(0, float.PositiveInfinity, 0, -Shift * code.Sum);
    }
}
