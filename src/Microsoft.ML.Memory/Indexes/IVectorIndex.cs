// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Finds the stored vectors nearest to each query; knows vectors and ids, nothing of labels.</summary>
/// <remarks>
/// <para>Order: nearest first; equal distances in the order in which the entries were added. A vector that is removed
/// and added again counts as new.</para>
/// <para>Distances are those of the vectors as they were given, in double precision, whether the index compares all of
/// them or only some. An index that compares only some may miss neighbours; where k or the number of candidates reaches
/// the number of entries it misses none. Where only codes of the vectors are kept, distances are those to what the
/// codes stand for.</para>
/// <para>Thread safety: one writer at a time; any number of searches run beside it, each on the entries that were
/// there when it began.</para>
/// </remarks>
public interface IVectorIndex
{
    /// <summary>Length d of every vector.</summary>
    int Dimension { get; }

    /// <summary>How far apart two vectors are.</summary>
    Metric Metric { get; }

    /// <summary>Number of vectors stored now.</summary>
    int Count { get; }

    /// <summary>Adds n vectors; all of them or, on an error, none.</summary>
    /// <param name="ids">n ids, none of them stored yet, no two equal, none <see cref="long.MaxValue"/>.</param>
    /// <param name="vectors">[n, d], row-major, finite.</param>
    /// <exception cref="ArgumentException">
    /// An id is taken or repeated, the length is not n·d, or a value is not finite.
    /// </exception>
    void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors);

    /// <summary>Removes the vectors with the given ids; all of them or, on an error, none.</summary>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    void Remove(ReadOnlySpan<long> ids);

    /// <summary>Says whether a vector with the id is stored.</summary>
    /// <remarks>May wait for a writer that is at work.</remarks>
    bool Contains(long id);

    /// <summary>Finds the k nearest stored vectors of each of n queries.</summary>
    /// <param name="queries">[n, d], row-major. A query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; a smaller index returns all it has.</param>
    /// <param name="neighbors">Receives the neighbours; its former content is replaced, its memory reused.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="queries"/> is not a multiple of d, k is below 1, or n·k, k being no more than
    /// there are vectors, is beyond the largest array.
    /// </exception>
    void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null);
}
