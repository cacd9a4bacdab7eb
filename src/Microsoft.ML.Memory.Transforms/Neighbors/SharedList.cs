// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>A list that never changes; a longer one shares its memory where there is room behind it.</summary>
/// <remarks>Appending in a row costs O(added) on average; of two that go on from one list the second copies.</remarks>
internal sealed class SharedList<T>
{
    private readonly T[] _values;
    private readonly StrongBox<int> _used; // of _values, by all lists that share it

    public SharedList(T[] values)
        : this(values, new StrongBox<int>(values.Length), values.Length)
    {
    }

    private SharedList(T[] values, StrongBox<int> used, int count)
    {
        _values = values;
        _used = used;
        Count = count;
    }

    public int Count { get; }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    public T this[int index] => _values[index];

    /// <summary>Gives the list with more values at its end.</summary>
    public SharedList<T> Append(ReadOnlySpan<T> added)
    {
        int count = checked(Count + added.Length);
        lock (_used)
        {
            if (_used.Value == Count && count <= _values.Length)
            {
                added.CopyTo(_values.AsSpan(Count));
                _used.Value = count;
                return new SharedList<T>(_values, _used, count);
            }
        }

        // The first values come all at once: only what grows step by step needs room to grow into.
        long room = Count == 0 ? count : Math.Max(count, Count * 3L / 2);
        T[] values = new T[(int)Math.Min(room, Array.MaxLength)];
        Values.CopyTo(values);
        added.CopyTo(values.AsSpan(Count));
        return new SharedList<T>(values, new StrongBox<int>(count), count);
    }
}
