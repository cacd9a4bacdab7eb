// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 8-bit whole numbers with a scale a row: number = round(value·127 / largest magnitude).</summary>
/// <remarks>
/// Codes keep their numbers 128 too high, as the processor's instruction for bytes wants one factor without sign; a
/// query subtracts what that adds. Sums of products are exact in 32 bits: the same bits on every processor.
/// </remarks>
internal sealed unsafe class SignedByteCodec : RowCodec
{
    private const int Lanes = 32;
    private const int Bias = 128;
    private const double Largest = 127;

    // Of the squared norm: a step for every value is too much where most values are 0, whose codes are exact.
    private const float LargestBlur = 1f / (1 << 7);

    private readonly int _length;
    private readonly ScanWidth _width;

    public SignedByteCodec(Metric metric, int dimension, ScanWidth width)
        : base(metric, dimension, CodeHead.Bytes + RoundUp(dimension, Lanes), QueryBytesOf(dimension))
    {
        _length = RoundUp(dimension, Lanes);
        _width = width;
    }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override float BlurOf(byte* code)
    {
        CodeHead head = *(CodeHead*)code;
        float steps = Dimension * head.Scale * head.Scale / 2;
        return Compared switch
        {
            Metric.Cosine => Math.Clamp(steps, BlurOfProducts, LargestBlur) / 2,
            Metric.SquaredEuclidean => Math.Clamp(steps, BlurOfProducts * head.Term, LargestBlur * head.Term),
            _ => float.NegativeInfinity,
        };
    }

    private protected override void PrepareNumbers(byte* code, byte* query)
    {
        *(QueryHead*)query = QueryHead.Of(Compared, *(CodeHead*)code);
        var bias = Vector128.Create((byte)Bias);
        byte* from = code + CodeHead.Bytes, to = query + HeadBytes;

        // What pads a code is 0, so that what pads a query does not count.
        for (int i = 0; i < _length; i += Vector128<byte>.Count) (Vector128.Load(from + i) ^ bias).Store(to + i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // within its callers the loop made a search slower by a fiftieth
    private protected override void EncodeValues(float* values, byte* code)
    {
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(values, Dimension)));
        double perUnit = largest == 0 ? 0 : Largest / largest;
        byte* numbers = code + CodeHead.Bytes;
        long square = 0;
        int sum = 0;
        for (int i = 0; i < Dimension; i++)
        {
            int number = (int)Math.Round(values[i] * perUnit);
            numbers[i] = (byte)(number + Bias);
            square += number * number;
            sum += number;
        }

        *(CodeHead*)code = CodeHead.Of(Compared, largest / Largest, square, sum);
    }

    private protected override void MeasureGroups(byte* query, byte** codes, int count, float* distances)
    {
        QueryHead head = *(QueryHead*)query;
        Vector128<int> excess = Vector128.Create(Bias * head.Sum);
        var numbers = (sbyte*)(query + HeadBytes);
        for (int row = 0; row < count; row += GroupRows)
        {
            byte** group = codes + row;
            Vector128<int> sums;
            if (_width != ScanWidth.Bits128 && Avx2.IsSupported)
                sums = _width == ScanWidth.Bits512 && AvxVnni.IsSupported ? Best(numbers, group) : Wide(numbers, group);
            else
                sums = Plain(numbers, group);
            head.Distances(Vector128.ConvertToSingle(sums - excess), group).Store(distances + row);
        }
    }

    private static int QueryBytesOf(int dimension)
        => checked(HeadBytes + CodeHead.Bytes + (2 * RoundUp(dimension, Lanes)));

    private Vector128<int> Best(sbyte* query, byte** codes)
    {
        byte* a = codes[0] + CodeHead.Bytes, b = codes[1] + CodeHead.Bytes;
        byte* c = codes[2] + CodeHead.Bytes, d = codes[3] + CodeHead.Bytes;
        Vector256<int> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector256<byte>.Count)
        {
            Vector256<sbyte> q = Vector256.Load(query + i);
            sumA = AvxVnni.MultiplyWideningAndAdd(sumA, Vector256.Load(a + i), q);
            sumB = AvxVnni.MultiplyWideningAndAdd(sumB, Vector256.Load(b + i), q);
            sumC = AvxVnni.MultiplyWideningAndAdd(sumC, Vector256.Load(c + i), q);
            sumD = AvxVnni.MultiplyWideningAndAdd(sumD, Vector256.Load(d + i), q);
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<int> Wide(sbyte* query, byte** codes)
    {
        byte* a = codes[0] + CodeHead.Bytes, b = codes[1] + CodeHead.Bytes;
        byte* c = codes[2] + CodeHead.Bytes, d = codes[3] + CodeHead.Bytes;
        Vector256<int> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector128<byte>.Count)
        {
            Vector256<short> q = Avx2.ConvertToVector256Int16(query + i);
            sumA += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(a + i), q);
            sumB += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(b + i), q);
            sumC += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(c + i), q);
            sumD += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(d + i), q);
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<int> Plain(sbyte* query, byte** codes) => Vector128.Create(
        Plain(query, codes[0] + CodeHead.Bytes),
        Plain(query, codes[1] + CodeHead.Bytes),
        Plain(query, codes[2] + CodeHead.Bytes),
        Plain(query, codes[3] + CodeHead.Bytes));

    private int Plain(sbyte* query, byte* code)
    {
        Vector128<int> sum = default;
        for (int i = 0; i < _length; i += Vector128<byte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(query + i));
            (Vector128<ushort> codeLow, Vector128<ushort> codeHigh) = Vector128.Widen(Vector128.Load(code + i));
            sum += Products(low, codeLow.AsInt16()) + Products(high, codeHigh.AsInt16());
        }

        return Vector128.Sum(sum);
    }

    private static Vector128<int> Products(Vector128<short> a, Vector128<short> b)
        => (Vector128.WidenLower(a) * Vector128.WidenLower(b)) + (Vector128.WidenUpper(a) * Vector128.WidenUpper(b));
}
