// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    private const int Lanes = 4;

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
    public void Describe(ScanBlock* block, int row, int count, int place)
    {
        RowCode* code = block->Codes.Rows + row, end = code + count;
        float* term = block->Terms + row;
        for (; code <= end - Lanes; code += Lanes, term += Lanes, place += Lanes)
        {
            Describe(
                Vector128.Create(code[0].Step, code[1].Step, code[2].Step, code[3].Step),
                Vector128.Create(code[0].Error, code[1].Error, code[2].Error, code[3].Error),
                Vector128.Create(code[0].Sum, code[1].Sum, code[2].Sum, code[3].Sum),
                Vector128.Load(term),
                place,
                Lanes);
        }

        for (; code < end; code++, term++, place++)
        {
            Describe(
                Vector128.CreateScalar(code->Step),
                Vector128.CreateScalar(code->Error),
                Vector128.CreateScalar(code->Sum),
                Vector128.CreateScalar(*term),
                place,
                1);
        }
    }

    // Single precision is off by less than Rounding, by far, in the few operations here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Describe(
        Vector128<float> step,
        Vector128<float> error,
        Vector128<int> sum,
        Vector128<float> term,
        int place,
        int count)
    {
        Vector128<float> infinity = Vector128.Create(float.PositiveInfinity);
        Vector128<float> isKnown = Vector128.Equals(term, term) & Vector128.LessThan(error, infinity);
        Vector128<float> norm, offset = default;
        switch (_metric)
        {
            case Metric.Cosine:
                (step, error, norm) = (step * term, error * term, Vector128<float>.One);
                break;
            case Metric.SquaredEuclidean:
                (step, error, norm) = (2 * step, 2 * error, 2 * Vector128.Sqrt(term));
                offset = -term * (1 - Rounding);
                break;
            default:
                norm = term;
                break;
        }

        CodeRowTerms terms = Terms;
        Put(step & isKnown, terms.Scales + place, count);
        Vector128<float> slack = SlackOf(error + (_ratio * norm)), fine = SlackOf(error + (_fine * norm));
        Put(Vector128.ConditionalSelect(isKnown, slack, infinity), terms.Slacks + place, count);
        Put(Vector128.ConditionalSelect(isKnown, fine, infinity), terms.FineSlacks + place, count);
        Put(offset & isKnown, terms.Offsets + place, count);
        Put(sum * -Shift, terms.Starts + place, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(Vector128<T> values, T* target, int count) where T : unmanaged
    {
        if (count == 1) *target = values.ToScalar();
        else values.Store(target);
    }

    private static Vector128<float> SlackOf(Vector128<float> slack) =>
        (slack * (1 + Rounding)) + Vector128.Create(Underflow);
}
