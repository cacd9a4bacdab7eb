// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class ClusteredIndex
{
    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A part of the file that had to be read is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public bool Contains(long id)
    {
        ClusteredState state = Hold();
        try
        {
            return state.Added.TryFind(id, out _) || state.TryFindInLists(id, out _);
        }
        finally
        {
            state.Base.Pages.Release();
        }
    }

    /// <summary>Gives the vector of an id as it was added; false, and nothing copied, where none is stored.</summary>
    /// <remarks>
    /// Cost: reads some pages of the ids and of the one list where the entry is at home. Where the file is of version 1
    /// of the format, which does not say where, it reads those of all lists, until the file is written anew.
    /// </remarks>
    /// <param name="id">The id.</param>
    /// <param name="vector">Receives [d].</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is not d long.</exception>
    /// <exception cref="InvalidDataException">A part of the file that had to be read is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        Check.Length(vector.Length, Dimension, nameof(vector), "[d]");
        ClusteredState state = Hold();
        try
        {
            if (state.Added.TryCopyKey(id, vector)) return true;
            if (!state.TryFindInLists(id, out int slot)) return false;
            state.Base.CopyVector(slot, vector);
            return true;
        }
        finally
        {
            state.Base.Pages.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A part of the file that had to be read is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        Check.AtLeast(k, 1, "Search's k");
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));

        ClusteredState state = Hold();
        try
        {
            new ClusteredSearch(state, Settings, k, neighbors, options ?? SearchOptions.Default).Run(queries);
        }
        finally
        {
            state.Base.Pages.Release();
        }
    }

    private ClusteredState Hold()
    {
        while (true)
        {
            ClusteredState state = _state;
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (state.Base.Pages.TryHold()) return state;
        }
    }
}
