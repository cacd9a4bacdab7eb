// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which ids are stored, and which come next, once the changes of a group will have been made.</summary>
internal sealed class StoredIds
{
    /// <summary>The largest id that may come next: a model with a larger one is not opened.</summary>
    public const long LargestNext = long.MaxValue / 2;

    private readonly Dictionary<long, bool> _changed = [];
    private Func<long, bool> _isStored = _ => false;
    private long _next;

    /// <summary>Starts at what is stored.</summary>
    /// <param name="isStored">Tells of an id whether it is.</param>
    /// <param name="next">The next id that the memory would give.</param>
    public void Reset(Func<long, bool> isStored, long next)
    {
        _isStored = isStored;
        _next = next;
        _changed.Clear();
    }

    /// <summary>Takes the next ids.</summary>
    /// <exception cref="InvalidOperationException">There are not that many left.</exception>
    public void Take(int count)
    {
        if (_next > LargestNext - count)
        {
            throw new InvalidOperationException(
                $"The memory must have ids left for {count} entries. Got next id {_next}. Give lower ids.");
        }

        for (int index = 0; index < count; index++) _changed[_next++] = true;
    }

    /// <summary>Takes given ids.</summary>
    /// <exception cref="ArgumentException">One is taken or too large; none is taken then.</exception>
    public void Take(long[] ids)
    {
        HashSet<long>? named = ids.Length > 1 ? new HashSet<long>(ids.Length) : null;
        foreach (long id in ids)
        {
            if (Contains(id) || named?.Add(id) == false)
                throw new ArgumentException($"ids must be free and differ. Got {id}, which is taken.");
            if (id >= LargestNext) throw new ArgumentException($"ids must be below {LargestNext}. Got {id}.");
        }

        foreach (long id in ids)
        {
            _changed[id] = true;
            _next = Math.Max(_next, id + 1);
        }
    }

    /// <summary>Gives ids up.</summary>
    /// <exception cref="KeyNotFoundException">One is not stored; none is given up then.</exception>
    /// <exception cref="ArgumentException">One is named twice; none is given up then.</exception>
    public void Release(long[] ids)
    {
        HashSet<long>? named = ids.Length > 1 ? new HashSet<long>(ids.Length) : null;
        foreach (long id in ids)
        {
            Require(id);
            if (named?.Add(id) == false) throw new ArgumentException($"ids must differ. Got {id} twice.");
        }

        foreach (long id in ids) _changed[id] = false;
    }

    /// <summary>Requires an id to be stored.</summary>
    /// <exception cref="KeyNotFoundException">It is not.</exception>
    public void Require(long id)
    {
        if (!Contains(id)) throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not.");
    }

    private bool Contains(long id)
        => _changed.TryGetValue(id, out bool isStored) ? isStored : _isStored(id);
}
