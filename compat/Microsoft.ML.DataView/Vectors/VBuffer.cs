// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, over arrays that the next read into the same variable reuses.</summary>
/// <remarks>Indices are neither sorted nor checked, as in the host.</remarks>
public readonly struct VBuffer<T> : IEnumerable
{
    // Both may be longer than needed, and _indices may be left over from a sparse use.
    internal readonly T[] _values;
    internal readonly int[] _indices;
    internal readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length));
        if (length > 0 && (values is null || values.Length < length))
            throw new ArgumentOutOfRangeException(nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length));
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException(nameof(count));
        if (count > 0 && (values is null || values.Length < count))
            throw new ArgumentOutOfRangeException(nameof(values));
        if (count > 0 && count < length && (indices is null || indices.Length < count))
            throw new ArgumentOutOfRangeException(nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        if (!IsDense)
            GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if ((uint)sourceIndex > (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if ((uint)length > (uint)(Length - sourceIndex))
            throw new ArgumentOutOfRangeException(nameof(length));

        if (IsDense)
        {
            VBufferEditor<T> dense = VBufferEditor.Create(ref destination, length);
            GetValues().Slice(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        int kept = 0;
        foreach (int index in GetIndices())
            kept += index >= sourceIndex && index < sourceIndex + length ? 1 : 0;
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, kept, requireIndicesOnDense: true);
        for (int i = 0, slot = 0; i < _count; i++)
        {
            int index = _indices[i] - sourceIndex;
            if (index < 0 || index >= length)
                continue;
            editor.Values[slot] = _values[i];
            editor.Indices[slot++] = index;
        }
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if ((uint)destinationIndex > (uint)destination.Length)
            throw new ArgumentOutOfRangeException(nameof(destinationIndex));
        if (Length > destination.Length - destinationIndex)
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");

        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (all || IsDense)
            return DenseValues().Select((value, index) => KeyValuePair.Create(index, value));
        VBuffer<T> self = this;
        return Enumerable.Range(0, _count).Select(i => KeyValuePair.Create(self._indices[i], self._values[i]));
    }

    public IEnumerable<T> DenseValues()
    {
        if (IsDense)
            return (_values ?? []).Take(Length);
        T[] dense = new T[Length];
        CopyTo(dense);
        return dense;
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index));
        if (IsDense)
            return _values[index];
        int slot = GetIndices().IndexOf(index);
        return slot < 0 ? default : _values[slot];
    }

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    public override string ToString() => IsDense
        ? $"Dense vector of size {Length}"
        : $"Sparse vector of size {Length}, {_count} explicit values";
}
