// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>
/// What a transformer does to the rows of one input schema: which columns it adds, from what, block by block.
/// </summary>
internal interface IBlockMapping
{
    /// <summary>The schema that rows come in with; the very instance, since the host compares by reference.</summary>
    DataViewSchema InputSchema { get; }

    /// <summary>The columns that are added after the input's, in order.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>The input columns that any of the outputs is computed from.</summary>
    IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>Largest number of rows worth computing together, at least 1.</summary>
    int MaxBlockRows { get; }

    /// <summary>Blocks hold multiples of so many rows, the last one of a pass excepted; at least 1.</summary>
    int RowMultiple { get; }

    /// <summary>
    /// Whether the rows must be read in their order by one cursor, since each depends on those before.
    /// </summary>
    bool IsOrdered { get; }

    /// <summary>Starts the computation over one stream of rows.</summary>
    /// <param name="input">Where <see cref="BlockScorer.Read"/> takes rows from; its dependencies are active.</param>
    /// <param name="threadCount">Threads that scoring a block may use.</param>
    BlockScorer CreateScorer(DataViewRow input, int threadCount);
}
