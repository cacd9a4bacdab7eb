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
/// <para>With the query's fine code (<see cref="FineCode"/>) in the place of a, and in the same units, no score exceeds
/// <c>b·c scale u / t + |u b| / t slack + offset / t</c>, where R in the slack is the largest |e| / |u b|.</para>
/// </remarks>
internal unsafe struct CodeRows : IScanRows
{
    /// <summary>More than single precision can be off by, relative to the terms of a score.</summary>
    public const float Rounding = 1f / (1 << 18);

    private const float Underflow = 1e-42f;

    private Metric _metric;
    private float _ratio;
    private float _fine;

    /// <summary>Largest ratio of a query's error and its code's length.</summary>
    public double QueryError
    {
        set => _ratio = (float)(value + Rounding);
    }

    /// <summary>The same of the queries' fine codes.</summary>
    public double FineError
    {
        set => _fine = (float)(value + Rounding);
    }

    /// <summary>What has to be taken off the product of a code with a query's shifted code.</summary>
    public int Shift { get; set; }

    /// <summary>The numbers that bound the scores, row by row.</summary>
    public CodeRowTerms Terms { get; private set; }

    public static int BytesOf(int dimension) => RowCode.LengthOf(dimension);

    public static byte* Of(ScanBlock* block) => (byte*)block->Codes.Values;

    public void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount)
    {
        _metric = scan.Metric;
        Terms = CodeRowTerms.Take(scratch, rowCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(ScanBlock* block, int row, int place)
    {
        // Single precision is off by less than Rounding, by far, in the few operations here.
        RowCode code = block->Codes.Rows[row];
        float term = block->Terms[row];
        (float scale, float factor, float norm, float offset) = _metric switch
        {
            Metric.Cosine => (code.Step * term, term, 1f, 0f),
            Metric.SquaredEuclidean => (2 * code.Step, 2f, 2 * MathF.Sqrt(term), -term * (1 - Rounding)),
            _ => (code.Step, 1f, term, 0f),
        };
        float error = code.Error * factor;
        bool isKnown = !float.IsNaN(term) && code.Error < float.PositiveInfinity;
        CodeRowTerms terms = Terms;
        terms.Scales[place] = isKnown ? scale : 0;
        terms.Slacks[place] = isKnown ? SlackOf(error + (_ratio * norm)) : float.PositiveInfinity;
        terms.FineSlacks[place] = isKnown ? SlackOf(error + (_fine * norm)) : float.PositiveInfinity;
        terms.Offsets[place] = isKnown ? offset : 0;
        terms.Starts[place] = -Shift * code.Sum;
    }

    private static float SlackOf(float slack) => (slack * (1 + Rounding)) + Underflow;
}
