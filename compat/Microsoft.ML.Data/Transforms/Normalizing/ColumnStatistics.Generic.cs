// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Collects the statistics of one column while its rows are read, and makes its normalizer.</summary>
internal sealed class ColumnStatistics<TReal> : ColumnStatistics
    where TReal : struct, IFloatingPointIeee754<TReal>
{
    private readonly DataViewType _type;
    private readonly SlotStatistics[] _slots;
    private readonly Action _read;

    public ColumnStatistics(DataViewRow row, DataViewSchema.Column source)
    {
        _type = source.Type;
        int size = source.Type is VectorDataViewType vector ? vector.Size : 1;
        _slots = new SlotStatistics[size];
        Array.Fill(_slots, new SlotStatistics());
        _read = source.Type is VectorDataViewType
            ? MakeReader(row.GetGetter<VBuffer<TReal>>(source))
            : MakeReader(row.GetGetter<TReal>(source));
    }

    public override void Read() => _read();

    public override ColumnNormalizer Finish(NormalizingMethod method, bool fixZero)
    {
        if (method == NormalizingMethod.CumulativeDistribution)
            return MakeDistribution();
        var scales = new TReal[_slots.Length];
        var offsets = new TReal[_slots.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            if (method == NormalizingMethod.MinMax)
                ScaleToRange(in _slots[i], fixZero, out scales[i], out offsets[i]);
            else
                ScaleToVariance(in _slots[i], fixZero, out scales[i], out offsets[i]);
        }

        return new AffineNormalizer<TReal>(_type, scales, offsets);
    }

    private static void ScaleToRange(in SlotStatistics slot, bool fixZero, out TReal scale, out TReal offset)
    {
        scale = offset = TReal.Zero;
        if (slot.IsConstant)
            return;
        var minimum = TReal.CreateTruncating(slot.Minimum);
        var maximum = TReal.CreateTruncating(slot.Maximum);
        offset = fixZero ? TReal.Zero : minimum;
        scale = TReal.One / (fixZero ? TReal.Max(TReal.Abs(minimum), TReal.Abs(maximum)) : maximum - minimum);
    }

    private static void ScaleToVariance(in SlotStatistics slot, bool fixZero, out TReal scale, out TReal offset)
    {
        scale = offset = TReal.Zero;
        if (slot.IsConstant)
            return;
        double square = fixZero ? slot.Variance + (slot.Mean * slot.Mean) : slot.Variance;
        offset = fixZero ? TReal.Zero : TReal.CreateTruncating(slot.Mean);
        scale = TReal.One / TReal.CreateTruncating(Math.Sqrt(square));
    }

    private DistributionNormalizer<TReal> MakeDistribution() => new(
        _type,
        Array.ConvertAll(_slots, slot => TReal.CreateTruncating(slot.Mean)),
        Array.ConvertAll(_slots, DeviationOf));

    private static TReal DeviationOf(SlotStatistics slot) =>
        slot.IsConstant ? TReal.Zero : TReal.CreateTruncating(Math.Sqrt(slot.Variance));

    private Action MakeReader(ValueGetter<TReal> getter)
    {
        TReal value = default;
        return () =>
        {
            getter(ref value);
            _slots[0].Add(double.CreateTruncating(value));
        };
    }

    private Action MakeReader(ValueGetter<VBuffer<TReal>> getter)
    {
        VBuffer<TReal> values = default;
        VBuffer<TReal> dense = default;
        return () =>
        {
            getter(ref values);
            if (values.Length != _slots.Length)
                throw Marked.WrongState();
            values.CopyToDense(ref dense);
            ReadOnlySpan<TReal> all = dense.GetValues();
            for (int i = 0; i < all.Length; i++)
                _slots[i].Add(double.CreateTruncating(all[i]));
        };
    }
}
