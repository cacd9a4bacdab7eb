// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Normalizes a value x to (x - offset) * scale, slot by slot.</summary>
internal sealed class AffineNormalizer<TReal> : ColumnNormalizer
    where TReal : struct, IFloatingPointIeee754<TReal>
{
    private readonly TReal[] _scales;
    private readonly TReal[] _offsets;
    private readonly bool _keepsZero;

    public AffineNormalizer(DataViewType type, TReal[] scales, TReal[] offsets)
        : base(type)
    {
        _scales = scales;
        _offsets = offsets;
        _keepsZero = Array.TrueForAll(offsets, TReal.IsZero);
    }

    protected override bool IsDistribution => false;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source)
    {
        if (Type is not VectorDataViewType)
            return MakeScalar(row.GetGetter<TReal>(source));
        ValueGetter<VBuffer<TReal>> getter = row.GetGetter<VBuffer<TReal>>(source);
        return _keepsZero ? MakeScaling(getter) : MakeShifting(getter);
    }

    protected override void WriteParameters(BinaryWriter writer)
    {
        Array.ForEach(_scales, scale => ValueCodec.WriteItem(writer, scale));
        Array.ForEach(_offsets, offset => ValueCodec.WriteItem(writer, offset));
    }

    private ValueGetter<TReal> MakeScalar(ValueGetter<TReal> getter)
    {
        TReal value = default;
        return (ref TReal result) =>
        {
            getter(ref value);
            result = (value - _offsets[0]) * _scales[0];
        };
    }

    private ValueGetter<VBuffer<TReal>> MakeScaling(ValueGetter<VBuffer<TReal>> getter)
    {
        VBuffer<TReal> values = default;
        return (ref VBuffer<TReal> result) =>
        {
            getter(ref values);
            if (values.Length != _scales.Length)
                throw Marked.WrongState();
            ReadOnlySpan<TReal> stored = values.GetValues();
            ReadOnlySpan<int> indices = values.GetIndices();
            VBufferEditor<TReal> editor = VBufferEditor.Create(ref result, values.Length, stored.Length);
            for (int i = 0; i < stored.Length; i++)
                editor.Values[i] = stored[i] * _scales[values.IsDense ? i : indices[i]];
            if (!values.IsDense)
                indices.CopyTo(editor.Indices);
            result = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<TReal>> MakeShifting(ValueGetter<VBuffer<TReal>> getter)
    {
        VBuffer<TReal> values = default;
        var normalized = new TReal[_scales.Length];
        return (ref VBuffer<TReal> result) =>
        {
            getter(ref values);
            if (values.Length != _scales.Length)
                throw Marked.WrongState();
            values.CopyTo(normalized);
            for (int i = 0; i < normalized.Length; i++)
                normalized[i] = (normalized[i] - _offsets[i]) * _scales[i];
            SparseBuilder.Store(normalized, ref result);
        };
    }
}
