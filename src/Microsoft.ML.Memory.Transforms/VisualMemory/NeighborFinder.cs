// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Finds the neighbours of rows: among all entries, or among the candidates of a column.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
internal sealed class NeighborFinder
{
    private readonly BankSnapshot _memory;
    private readonly string? _columnName;
    private readonly CandidateSearch? _search;

    /// <param name="transformer">The memory, and what it is asked to search.</param>
    public NeighborFinder(VisualMemoryTransformer transformer)
        : this(transformer.Model, transformer.CandidateColumnName)
    {
    }

    private NeighborFinder(BankSnapshot memory, string? columnName)
    {
        _memory = memory;
        _columnName = columnName;
        if (_columnName is null) return;
        Candidates = new CandidateLists();
        _search = new CandidateSearch(_memory);
    }

    /// <summary>Finds among all entries, whatever the memory is asked to search.</summary>
    public static NeighborFinder OfAll(VisualMemoryTransformer transformer) => new(transformer.Model, null);

    /// <summary>The candidates of the rows to be searched next; null where all entries are.</summary>
    public CandidateLists? Candidates { get; }

    /// <summary>Gives the candidate column of a view, if there has to be one.</summary>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type.</exception>
    public IEnumerable<DataViewSchema.Column> ColumnsOf(DataViewSchema schema)
        => _columnName is null ? [] : [Columns.Vector(schema, _columnName, NumberDataViewType.Int64)];

    /// <summary>Makes a reader of the candidates of the current row; null where there are none to read.</summary>
    public CandidateReader? ReaderOf(DataViewRow row)
        => _columnName is null
            ? null
            : new CandidateReader(row, ColumnsOf(row.Schema).Single(), Candidates!);

    /// <summary>Finds the k nearest of each row.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="k">Neighbours of a row, at least 1.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    public void Find(ReadOnlySpan<float> rows, int k, NeighborTable neighbors, SearchOptions? options = null)
    {
        if (_search is null) _memory.Search(rows, k, neighbors, options);
        else _search.Search(rows, Candidates!, k, neighbors);
    }
}
