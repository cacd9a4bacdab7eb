// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Opens a vector for writing, reusing its arrays where they are long enough.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination) =>
        Create(ref destination, destination.Length, destination._count);

    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        if (newLogicalLength < 0)
            throw new ArgumentOutOfRangeException(nameof(newLogicalLength));
        if (valuesCount < 0 || valuesCount > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(valuesCount),
                "If specified, must be no greater than newLogicalLength");
        int count = valuesCount ?? newLogicalLength;
        if (maxValuesCapacity < count || maxValuesCapacity > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(maxValuesCapacity),
                "If specified, must be no greater than newLogicalLength");

        int limit = maxValuesCapacity ?? newLogicalLength;
        T[] values = destination._values;
        int[] indices = destination._indices;
        bool needIndices = count < newLogicalLength || requireIndicesOnDense;
        bool newValues = Grow(ref values, count, limit, keepOldOnResize);
        bool newIndices = needIndices && Grow(ref indices, count, limit, keepOldOnResize);
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, needIndices, newValues, newIndices);
    }

    private static bool Grow<T>(ref T[] array, int count, int limit, bool keepOld)
    {
        int oldLength = array?.Length ?? 0;
        if (count <= oldLength)
            return false;
        int newLength = (int)Math.Max(count, Math.Min(2L * oldLength, limit));
        T[] grown = new T[newLength];
        if (keepOld)
            array?.CopyTo(grown, 0);
        array = grown;
        return true;
    }
}

/// <summary>The writable spans of a vector; nothing shows in the vector before <see cref="Commit"/>.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _logicalLength;
    private readonly T[] _values;
    private readonly int[] _indices;

    public readonly Span<T> Values;

    public readonly Span<int> Indices;

    internal VBufferEditor(
        int logicalLength, int count, T[] values, int[] indices, bool exposeIndices, bool newValues, bool newIndices)
    {
        _logicalLength = logicalLength;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = exposeIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = newValues;
        CreatedNewIndices = newIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_logicalLength, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        if ((uint)physicalValuesCount > (uint)Values.Length)
            throw new ArgumentOutOfRangeException(nameof(physicalValuesCount));
        return new VBuffer<T>(_logicalLength, physicalValuesCount, _values, _indices);
    }
}
