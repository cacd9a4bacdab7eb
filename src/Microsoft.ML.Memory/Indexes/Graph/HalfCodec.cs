// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 16-bit floats with a power of 2 a row, so that no magnitude overflows.</summary>
/// <remarks>
/// Shifted into a float's place, the bits of a half read 2^-112 times its value; a query carries the factor 2^112
/// instead, so that nothing need be converted.
/// </remarks>
internal sealed unsafe class HalfCodec : RowCodec
{
    private const int Lanes = 16;
    private const int LargestExponent = 14;
    private const int BiasDifference = 112;
    private const int ShiftToFloat = 13;
    private const int SignAndValue = unchecked((int)0x8FFFE000);
    private const float LeastNormal = 1f / (1 << 14);

    private readonly int _length;
    private readonly ScanWidth _width;

    public HalfCodec(Metric metric, int dimension, ScanWidth width)
        : base(
            metric,
            dimension,
            CodeHead.Bytes + (RoundUp(dimension, Lanes) * sizeof(ushort)),
            QueryBytesOf(dimension))
    {
        _length = RoundUp(dimension, Lanes);
        _width = width;
    }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override float BlurOf(byte* code) => Compared switch
    {
        Metric.Cosine => BlurOfProducts / 2,
        Metric.SquaredEuclidean => BlurOfProducts * ((CodeHead*)code)->Term,
        _ => float.NegativeInfinity,
    };

    private protected override void PrepareNumbers(byte* code, byte* query)
    {
        var head = QueryHead.Of(Compared, *(CodeHead*)code);
        head.Factor *= 1 << (LargestExponent + 1); // numbers of a query are below 1 before they take the factor 2^112
        *(QueryHead*)query = head;
        float unit = MathF.ScaleB(1, BiasDifference - LargestExponent - 1);
        var numbers = new ReadOnlySpan<Half>(code + CodeHead.Bytes, _length);
        var floats = new Span<float>(query + HeadBytes, _length);
        TensorPrimitives.ConvertToSingle(numbers, floats);
        TensorPrimitives.Multiply(floats, unit, floats);
    }

    private protected override void EncodeValues(float* values, byte* code)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(values, Dimension)));
        int exponent = largest == 0 ? 0 : LargestExponent - Math.ILogB(largest);
        double factor = Math.ScaleB(1, exponent);
        var numbers = (Half*)(code + CodeHead.Bytes);
        double square = 0;
        for (int i = 0; i < Dimension; i++)
        {
            float scaled = (float)(values[i] * factor);
            numbers[i] = MathF.Abs(scaled) < LeastNormal ? default : (Half)scaled; // others slow some processors down
            square += (double)(float)numbers[i] * (float)numbers[i];
        }

        *(CodeHead*)code = CodeHead.Of(Compared, Math.ScaleB(1, -exponent), square, 0);
    }

    private protected override void MeasureGroups(byte* query, byte** codes, int count, float* distances)
    {
        QueryHead head = *(QueryHead*)query;
        var floats = (float*)(query + HeadBytes);
        for (int row = 0; row < count; row += GroupRows)
        {
            byte** group = codes + row;
            Vector128<float> sums = _width switch
            {
                ScanWidth.Bits512 => Wide512(floats, group),
                ScanWidth.Bits256 => Wide256(floats, group),
                _ => Wide128(floats, group),
            };
            head.Distances(sums, group).Store(distances + row);
        }
    }

    private static int QueryBytesOf(int dimension)
    {
        int length = RoundUp(dimension, Lanes);
        return checked(HeadBytes + (length * sizeof(float)) + CodeHead.Bytes + (length * sizeof(ushort)));
    }

    private Vector128<float> Wide512(float* query, byte** codes)
    {
        byte* a = codes[0] + CodeHead.Bytes, b = codes[1] + CodeHead.Bytes;
        byte* c = codes[2] + CodeHead.Bytes, d = codes[3] + CodeHead.Bytes;
        Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector512<float>.Count)
        {
            Vector512<float> q = Vector512.Load(query + i);
            sumA = Product.Add(sumA, q, Load512((short*)a + i));
            sumB = Product.Add(sumB, q, Load512((short*)b + i));
            sumC = Product.Add(sumC, q, Load512((short*)c + i));
            sumD = Product.Add(sumD, q, Load512((short*)d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<float> Wide256(float* query, byte** codes)
    {
        byte* a = codes[0] + CodeHead.Bytes, b = codes[1] + CodeHead.Bytes;
        byte* c = codes[2] + CodeHead.Bytes, d = codes[3] + CodeHead.Bytes;
        Vector256<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector256<float>.Count)
        {
            Vector256<float> q = Vector256.Load(query + i);
            sumA = Product.Add(sumA, q, Load256((short*)a + i));
            sumB = Product.Add(sumB, q, Load256((short*)b + i));
            sumC = Product.Add(sumC, q, Load256((short*)c + i));
            sumD = Product.Add(sumD, q, Load256((short*)d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<float> Wide128(float* query, byte** codes)
    {
        byte* a = codes[0] + CodeHead.Bytes, b = codes[1] + CodeHead.Bytes;
        byte* c = codes[2] + CodeHead.Bytes, d = codes[3] + CodeHead.Bytes;
        Vector128<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector128<float>.Count)
        {
            Vector128<float> q = Vector128.Load(query + i);
            sumA = Product.Add(sumA, q, Load128((short*)a + i));
            sumB = Product.Add(sumB, q, Load128((short*)b + i));
            sumC = Product.Add(sumC, q, Load128((short*)c + i));
            sumD = Product.Add(sumD, q, Load128((short*)d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load512(short* halves)
    {
        Vector256<short> bits = Vector256.Load(halves);
        Vector512<int> wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bits)
            : Vector512.Create(Vector256.WidenLower(bits), Vector256.WidenUpper(bits));
        return ((wide << ShiftToFloat) & Vector512.Create(SignAndValue)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(short* halves)
    {
        Vector128<short> bits = Vector128.Load(halves);
        Vector256<int> wide = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(bits)
            : Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits));
        return ((wide << ShiftToFloat) & Vector256.Create(SignAndValue)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load128(short* halves)
    {
        Vector128<int> wide = Vector128.WidenLower(Vector128.CreateScalar(*(long*)halves).AsInt16());
        return ((wide << ShiftToFloat) & Vector128.Create(SignAndValue)).AsSingle();
    }
}
