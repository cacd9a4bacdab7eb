// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>For each of a block of rows, the ids of the entries that alone may be its neighbours.</summary>
/// <remarks>Reused from block to block without allocating; belongs to one thread at a time.</remarks>
internal sealed class CandidateLists
{
    private readonly List<int> _starts = [0];
    private readonly List<long> _ids = [];

    /// <summary>Number of rows.</summary>
    public int RowCount => _starts.Count - 1;

    /// <summary>Starts a new block.</summary>
    public void Clear()
    {
        _ids.Clear();
        _starts.Clear();
        _starts.Add(0);
    }

    /// <summary>Adds the next row's ids, in any order; an id that comes twice counts once.</summary>
    public void Add(ReadOnlySpan<long> ids)
    {
        _ids.AddRange(ids);
        _starts.Add(_ids.Count);
    }

    /// <summary>Gives the ids of a row.</summary>
    public ReadOnlySpan<long> Of(int row) => CollectionsMarshal.AsSpan(_ids)[_starts[row].._starts[row + 1]];
}
