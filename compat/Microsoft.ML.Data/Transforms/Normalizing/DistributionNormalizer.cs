// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// Normalizes a value to its place in the normal distribution of the fitted mean and standard deviation, in [0, 1].
/// </summary>
internal sealed class DistributionNormalizer<TReal> : ColumnNormalizer
    where TReal : struct, IFloatingPointIeee754<TReal>
{
    private readonly TReal[] _means;
    private readonly TReal[] _deviations;

    public DistributionNormalizer(DataViewType type, TReal[] means, TReal[] deviations)
        : base(type)
    {
        _means = means;
        _deviations = deviations;
    }

    protected override bool IsDistribution => true;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source) =>
        Type is VectorDataViewType
            ? MakeVector(row.GetGetter<VBuffer<TReal>>(source))
            : MakeScalar(row.GetGetter<TReal>(source));

    protected override void WriteParameters(BinaryWriter writer)
    {
        Array.ForEach(_means, mean => ValueCodec.WriteItem(writer, mean));
        Array.ForEach(_deviations, deviation => ValueCodec.WriteItem(writer, deviation));
    }

    private ValueGetter<TReal> MakeScalar(ValueGetter<TReal> getter)
    {
        TReal value = default;
        return (ref TReal result) =>
        {
            getter(ref value);
            result = Normalize(value, 0);
        };
    }

    private ValueGetter<VBuffer<TReal>> MakeVector(ValueGetter<VBuffer<TReal>> getter)
    {
        VBuffer<TReal> values = default;
        var normalized = new TReal[_means.Length];
        return (ref VBuffer<TReal> result) =>
        {
            getter(ref values);
            if (values.Length != _means.Length)
                throw Marked.WrongState();
            values.CopyTo(normalized);
            for (int i = 0; i < normalized.Length; i++)
                normalized[i] = Normalize(normalized[i], i);
            SparseBuilder.Store(normalized, ref result);
        };
    }

    private TReal Normalize(TReal value, int slot)
    {
        if (TReal.IsNaN(value) || TReal.IsZero(_deviations[slot]))
            return TReal.IsNaN(value) ? value : TReal.Zero;
        double score = double.CreateTruncating(value - _means[slot]) / double.CreateTruncating(_deviations[slot]);
        return TReal.CreateTruncating(0.5 * (1 + ErrorFunction(score / Math.Sqrt(2))));
    }

    // Winitzki's closed form with a = 0.147: the host's numbers carry its error of about 1e-4.
    private static double ErrorFunction(double x)
    {
        const double A = 0.147;
        double square = x * x;
        double exponent = -square * ((4 / Math.PI) + (A * square)) / (1 + (A * square));
        return Math.CopySign(Math.Sqrt(1 - Math.Exp(exponent)), x);
    }
}
