// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Measures pairs again, by their vectors, where codes tell little.</summary>
/// <remarks>
/// Entries that are all but equal would be linked by the noise of their codes, or all to the same few of them, and lead
/// nowhere else. By their own distances, which double precision tells, they are linked as any others are, and those of
/// one direction by their lengths. One thread's.
/// </remarks>
internal sealed unsafe class CloseVectors(GraphNodes nodes)
{
    private const double SameDirection = 1.0 / (1L << 48);

    private readonly RowCodec _codec = nodes.Codec;
    private float* _row;
    private double _square;

    /// <summary>Distance below which codes tell little; none is below it where nothing is aimed at.</summary>
    public float Blur { get; private set; } = float.NegativeInfinity;

    /// <summary>Aims at nothing.</summary>
    public void Forget() => Blur = float.NegativeInfinity;

    /// <summary>Sets the entry that distances are measured from.</summary>
    public void AimAt(int slot)
    {
        Blur = _codec.BlurOf(nodes.Code(slot));
        _row = nodes.Row(slot);
        _square = double.NaN;
    }

    /// <summary>Gives the distance of a slot by its vector.</summary>
    public float DistanceOf(int slot)
    {
        int d = _codec.Dimension;
        float* row = nodes.Row(slot);
        if (double.IsNaN(_square)) _square = PairDistance.SquaredNorm(_row, d);
        double distance = PairDistance.Of(_codec.Metric, _row, _square, row, d);
        if (_codec.Metric != Metric.Cosine || distance > SameDirection) return (float)distance;
        double square = PairDistance.SquaredNorm(row, d);
        return (float)(SameDirection * Math.Abs(square - _square) / (square + _square));
    }
}
