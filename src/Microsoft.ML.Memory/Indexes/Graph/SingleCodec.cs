// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 32-bit floats: the vector itself, or the vector at length 1 under the cosine.</summary>
internal sealed unsafe class SingleCodec : RowCodec
{
    private const int Lanes = 16;

    private readonly int _length;
    private readonly ScanWidth _width;

    public SingleCodec(Metric metric, int dimension, ScanWidth width)
        : base(metric, dimension, CodeBytesOf(dimension), CodeBytesOf(dimension) + HeadBytes)
    {
        _length = RoundUp(dimension, Lanes);
        _width = width;
    }

    /// <inheritdoc/>
    public override bool IsExact => Metric != Metric.Cosine;

    /// <inheritdoc/>
    public override float BlurOf(byte* code) => Metric == Metric.Cosine ? BlurOfProducts / 2 : float.NegativeInfinity;

    /// <inheritdoc/>
    public override void PrepareCode(byte* code, byte* query)
    {
        base.PrepareCode(code, query);
        if (!IsExact || Centre is not { } centre) return;
        var numbers = new Span<float>(query, Dimension);
        centre.Subtract((float*)query, numbers);
        *OffsetOf(query) = TensorPrimitives.Dot(numbers, centre.Values); // codes are y: (x - c)·(y - c) takes c, too
    }

    private protected override void PrepareNumbers(byte* code, byte* query)
    {
        new ReadOnlySpan<byte>(code, CodeBytes).CopyTo(new Span<byte>(query, CodeBytes));
        *OffsetOf(query) = Compared == Metric.Cosine ? 1 : 0;
    }

    private protected override void EncodeValues(float* values, byte* code)
    {
        float* numbers = (float*)code;
        double norm = Compared == Metric.Cosine ? Math.Sqrt(PairDistance.SquaredNorm(values, Dimension)) : 1;
        double scale = norm == 0 ? 0 : 1 / norm;
        if (norm == 1) new ReadOnlySpan<float>(values, Dimension).CopyTo(new Span<float>(numbers, Dimension));
        else for (int i = 0; i < Dimension; i++) numbers[i] = (float)(values[i] * scale);
    }

    private protected override void MeasureGroups(byte* query, byte** codes, int count, float* distances)
    {
        if (Compared == Metric.SquaredEuclidean) Groups<SquareOfDifference>(query, codes, count, distances);
        else Groups<Product>(query, codes, count, distances);
    }

    private static int CodeBytesOf(int dimension) => RoundUp(dimension, Lanes) * sizeof(float);

    /// <summary>Gives the place of what a prepared query adds to each distance.</summary>
    private float* OffsetOf(byte* query) => (float*)(query + CodeBytes);

    private void Groups<TTerm>(byte* query, byte** codes, int count, float* distances)
        where TTerm : struct, IFloatTerm
    {
        Vector128<float> offset = Vector128.Create(*OffsetOf(query));
        Vector128<float> factor = Vector128.Create(Compared == Metric.SquaredEuclidean ? 1f : -1f);
        for (int row = 0; row < count; row += GroupRows)
        {
            Vector128<float> sums = _width switch
            {
                ScanWidth.Bits512 => Wide512<TTerm>((float*)query, (float**)codes + row),
                ScanWidth.Bits256 => Wide256<TTerm>((float*)query, (float**)codes + row),
                _ => Wide128<TTerm>((float*)query, (float**)codes + row),
            };
            (offset + (factor * sums)).Store(distances + row);
        }
    }

    private Vector128<float> Wide512<TTerm>(float* query, float** codes)
        where TTerm : struct, IFloatTerm
    {
        float* a = codes[0], b = codes[1], c = codes[2], d = codes[3];
        Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector512<float>.Count)
        {
            Vector512<float> q = Vector512.Load(query + i);
            sumA = TTerm.Add(sumA, q, Vector512.Load(a + i));
            sumB = TTerm.Add(sumB, q, Vector512.Load(b + i));
            sumC = TTerm.Add(sumC, q, Vector512.Load(c + i));
            sumD = TTerm.Add(sumD, q, Vector512.Load(d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<float> Wide256<TTerm>(float* query, float** codes)
        where TTerm : struct, IFloatTerm
    {
        float* a = codes[0], b = codes[1], c = codes[2], d = codes[3];
        Vector256<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector256<float>.Count)
        {
            Vector256<float> q = Vector256.Load(query + i);
            sumA = TTerm.Add(sumA, q, Vector256.Load(a + i));
            sumB = TTerm.Add(sumB, q, Vector256.Load(b + i));
            sumC = TTerm.Add(sumC, q, Vector256.Load(c + i));
            sumD = TTerm.Add(sumD, q, Vector256.Load(d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }

    private Vector128<float> Wide128<TTerm>(float* query, float** codes)
        where TTerm : struct, IFloatTerm
    {
        float* a = codes[0], b = codes[1], c = codes[2], d = codes[3];
        Vector128<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < _length; i += Vector128<float>.Count)
        {
            Vector128<float> q = Vector128.Load(query + i);
            sumA = TTerm.Add(sumA, q, Vector128.Load(a + i));
            sumB = TTerm.Add(sumB, q, Vector128.Load(b + i));
            sumC = TTerm.Add(sumC, q, Vector128.Load(c + i));
            sumD = TTerm.Add(sumD, q, Vector128.Load(d + i));
        }

        return LaneSums.Of(sumA, sumB, sumC, sumD);
    }
}
