// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Makes the getters that turn keys into indicator or count vectors.</summary>
internal static class KeyIndicators
{
    public static Delegate MakeGetter<TKey>(DataViewRow row, int source, int count, bool addsUp)
    {
        DataViewSchema.Column column = row.Schema[source];
        if (column.Type is not VectorDataViewType)
            return MakeScalar(row.GetGetter<TKey>(column), count);
        ValueGetter<VBuffer<TKey>> getter = row.GetGetter<VBuffer<TKey>>(column);
        return addsUp ? MakeCounts(getter, count) : MakeIndicators(getter, count);
    }

    private static ValueGetter<VBuffer<float>> MakeScalar<TKey>(ValueGetter<TKey> getter, int count)
    {
        TKey value = default;
        return (ref VBuffer<float> result) =>
        {
            getter(ref value);
            int slot = SlotOf(value, count);
            VBufferEditor<float> editor = VBufferEditor.Create(ref result, count, slot < 0 ? 0 : 1);
            if (slot >= 0)
            {
                editor.Values[0] = 1;
                if (count > 1)
                    editor.Indices[0] = slot;
            }

            result = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<float>> MakeIndicators<TKey>(ValueGetter<VBuffer<TKey>> getter, int count)
    {
        VBuffer<TKey> keys = default;
        var slots = new List<int>();
        return (ref VBuffer<float> result) =>
        {
            getter(ref keys);
            slots.Clear();
            foreach (KeyValuePair<int, TKey> item in keys.Items())
            {
                int slot = SlotOf(item.Value, count);
                if (slot >= 0)
                    slots.Add((item.Key * count) + slot);
            }

            int length = checked(keys.Length * count);
            VBufferEditor<float> editor = VBufferEditor.Create(ref result, length, slots.Count);
            editor.Values.Fill(1);
            if (slots.Count < length)
                slots.CopyTo(editor.Indices);
            result = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<float>> MakeCounts<TKey>(ValueGetter<VBuffer<TKey>> getter, int count)
    {
        VBuffer<TKey> keys = default;
        var sums = new float[count];
        return (ref VBuffer<float> result) =>
        {
            getter(ref keys);
            Array.Clear(sums);
            foreach (KeyValuePair<int, TKey> item in keys.Items())
            {
                int slot = SlotOf(item.Value, count);
                if (slot >= 0)
                    sums[slot]++;
            }

            SparseBuilder.Store(sums, ref result);
        };
    }

    private static int SlotOf<TKey>(TKey value, int count)
    {
        ulong key = Convert.ToUInt64(value, null);
        return key <= (ulong)count ? (int)key - 1 : -1;
    }
}
