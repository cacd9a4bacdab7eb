// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Writes rows as the device holds them, and says how far each code is from its row at most.</summary>
/// <remarks>For the cosine the row is brought to length 1 first. Not safe for concurrent use.</remarks>
internal sealed unsafe class RowEncoder
{
    private const int SmallestExponent = -100; // below, the reciprocal of a scale would leave single precision
    private const double RoundedUp = 1 + 1e-6; // of numbers made in single precision

    private readonly Metric _metric;
    private readonly VectorEncoding _encoding;
    private readonly float[] _unit;
    private readonly float[] _decoded;
    private readonly sbyte[] _signed;

    public RowEncoder(Metric metric, int dimension, VectorEncoding encoding)
    {
        _metric = metric;
        _encoding = encoding;
        _unit = new float[dimension];
        _decoded = new float[dimension];
        _signed = new sbyte[RowCode.LengthOf(dimension)];
    }

    /// <summary>Bytes of one value in an encoding.</summary>
    public static int BytesOf(VectorEncoding encoding) => encoding switch
    {
        VectorEncoding.Half => 2,
        VectorEncoding.SignedByte => 1,
        _ => sizeof(float),
    };

    /// <summary>Encodes one row.</summary>
    /// <param name="row">d finite values.</param>
    /// <param name="term">The row's <see cref="RowTerm"/>.</param>
    /// <param name="code">Receives d values in the encoding; zeros where they tell nothing of the row.</param>
    public EncodedRow Encode(ReadOnlySpan<float> row, float term, Span<byte> code)
    {
        if (float.IsNaN(term)) return Untold(code);
        (double norm, float bias) = _metric switch
        {
            Metric.Cosine => (term == 0 ? 0 : 1, 0f),
            Metric.SquaredEuclidean => (Math.Sqrt(term), -term / 2),
            _ => (term, 0f),
        };
        norm *= RoundedUp;
        ReadOnlySpan<float> values = row;
        if (_metric == Metric.Cosine)
        {
            TensorPrimitives.Multiply(row, term, _unit);
            values = _unit;
        }

        switch (_encoding)
        {
            case VectorEncoding.Half: return AsHalf(values, norm, bias, code);
            case VectorEncoding.SignedByte: return AsSignedBytes(values, norm, bias, code);
            default:
                MemoryMarshal.AsBytes(values).CopyTo(code);
                return new EncodedRow(1, bias, 0, norm);
        }
    }

    private static EncodedRow Untold(Span<byte> code)
    {
        code.Clear();
        return new EncodedRow(0, float.PositiveInfinity, 0, 0);
    }

    private EncodedRow AsHalf(ReadOnlySpan<float> values, double norm, float bias, Span<byte> code)
    {
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        int exponent = largest == 0 ? int.MinValue : MathF.ILogB(largest);
        if (exponent < SmallestExponent)
        {
            code.Clear();
            return new EncodedRow(0, bias, norm, norm);
        }

        float scale = MathF.ScaleB(1, exponent);
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(code);
        TensorPrimitives.Multiply(values, 1 / scale, _decoded);
        TensorPrimitives.ConvertToHalf(_decoded, halves);
        TensorPrimitives.ConvertToSingle(halves, _decoded);
        TensorPrimitives.Multiply(_decoded, scale, _decoded);
        TensorPrimitives.Subtract(values, _decoded, _decoded); // exact: a value and what it was rounded to
        fixed (float* difference = _decoded)
        {
            double error = Math.Sqrt(PairDistance.SquaredNorm(difference, values.Length)) * RoundedUp;
            return new EncodedRow(scale, bias, error, norm);
        }
    }

    private EncodedRow AsSignedBytes(ReadOnlySpan<float> values, double norm, float bias, Span<byte> code)
    {
        fixed (float* first = values)
        fixed (sbyte* signed = _signed)
        {
            RowCode made = RowCode.Of(first, values.Length, signed);
            if (!float.IsFinite(made.Error)) return Untold(code);
            MemoryMarshal.AsBytes(_signed.AsSpan(0, values.Length)).CopyTo(code);
            return new EncodedRow(made.Step, bias, made.Error, norm);
        }
    }
}
