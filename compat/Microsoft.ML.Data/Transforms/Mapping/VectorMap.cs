// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Makes getters that map a scalar, or each element of a vector, by one function.</summary>
internal static class VectorMap
{
    public delegate TResult Function<TValue, TResult>(in TValue value);

    public static Delegate MakeGetter<TValue, TResult>(
        DataViewRow row, DataViewSchema.Column source, Function<TValue, TResult> map) =>
        source.Type is VectorDataViewType ? MakeVector(row, source, map) : MakeScalar(row, source, map);

    private static ValueGetter<TResult> MakeScalar<TValue, TResult>(
        DataViewRow row, DataViewSchema.Column source, Function<TValue, TResult> map)
    {
        ValueGetter<TValue> getter = row.GetGetter<TValue>(source);
        TValue value = default;
        return (ref TResult result) =>
        {
            getter(ref value);
            result = map(in value);
        };
    }

    private static ValueGetter<VBuffer<TResult>> MakeVector<TValue, TResult>(
        DataViewRow row, DataViewSchema.Column source, Function<TValue, TResult> map)
    {
        ValueGetter<VBuffer<TValue>> getter = row.GetGetter<VBuffer<TValue>>(source);
        // An absent element of a sparse vector may stay absent only where the default maps to the default.
        TValue absent = default;
        bool keepsSparse = EqualityComparer<TResult>.Default.Equals(map(in absent), default);
        VBuffer<TValue> values = default;
        VBuffer<TValue> dense = default;
        return (ref VBuffer<TResult> result) =>
        {
            getter(ref values);
            if (values.IsDense || keepsSparse)
            {
                MapStored(in values, ref result, map);
                return;
            }

            values.CopyToDense(ref dense);
            MapStored(in dense, ref result, map);
        };
    }

    private static void MapStored<TValue, TResult>(
        in VBuffer<TValue> values, ref VBuffer<TResult> result, Function<TValue, TResult> map)
    {
        ReadOnlySpan<TValue> stored = values.GetValues();
        VBufferEditor<TResult> editor = VBufferEditor.Create(ref result, values.Length, stored.Length);
        for (int i = 0; i < stored.Length; i++)
            editor.Values[i] = map(in stored[i]);
        if (!values.IsDense)
            values.GetIndices().CopyTo(editor.Indices);
        result = editor.Commit();
    }
}
