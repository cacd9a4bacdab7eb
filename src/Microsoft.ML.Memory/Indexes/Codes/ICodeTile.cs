// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A kernel that bounds the scores of a few rows for a panel of queries, by the products of codes.</summary>
internal unsafe interface ICodeTile
{
    /// <summary>Number of rows R of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Number of queries W of a panel; a multiple of 8.</summary>
    static abstract int Queries { get; }

    /// <summary>True where a panel is packed as [d / 4, W, 4], false where it is [W, d].</summary>
    static abstract bool IsInterleaved { get; }

    /// <summary>Largest magnitude of a query's code.</summary>
    static abstract int Largest { get; }

    /// <summary>What is added to a query's code so that it is not negative.</summary>
    static abstract int Shift { get; }

    /// <summary>Bounds the scores of R rows for the queries of one panel.</summary>
    /// <param name="rows">R codes, [R, d], row-major, compact.</param>
    /// <param name="panel">The packed codes of the queries.</param>
    /// <param name="d">Length of a padded code.</param>
    /// <param name="queryCount">Queries that matter, from the first; the others' bounds may be anything.</param>
    /// <param name="terms">What else is known of rows and queries.</param>
    /// <param name="passed">
    /// Receives, for each row, a bit for each bound that is not at or below its threshold; NaN is not.
    /// </param>
    /// <returns>0 where none passed.</returns>
    static abstract uint Bound(
        sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, uint* passed);
}
