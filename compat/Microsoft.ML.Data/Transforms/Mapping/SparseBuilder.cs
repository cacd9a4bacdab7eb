// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Stores computed values as the host does: sparse where few of them are not zero.</summary>
internal static class SparseBuilder
{
    public static void Store<TValue>(ReadOnlySpan<TValue> values, ref VBuffer<TValue> result)
    {
        int count = 0;
        foreach (TValue value in values)
        {
            if (!IsZero(value))
                count++;
        }

        if (count > 0 && count >= (values.Length / 2) - 1)
        {
            VBufferEditor<TValue> dense = VBufferEditor.Create(ref result, values.Length);
            values.CopyTo(dense.Values);
            result = dense.Commit();
            return;
        }

        VBufferEditor<TValue> sparse = VBufferEditor.Create(ref result, values.Length, count);
        for (int i = 0, stored = 0; stored < count; i++)
        {
            if (IsZero(values[i]))
                continue;
            sparse.Values[stored] = values[i];
            sparse.Indices[stored++] = i;
        }

        result = sparse.Commit();
    }

    public static void Store<TValue>(TValue[] values, ref VBuffer<TValue> result) =>
        Store((ReadOnlySpan<TValue>)values, ref result);

    private static bool IsZero<TValue>(TValue value) => EqualityComparer<TValue>.Default.Equals(value, default);
}
