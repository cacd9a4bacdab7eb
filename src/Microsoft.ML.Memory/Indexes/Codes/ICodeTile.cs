// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A kernel that computes the inner products of the codes of a few rows and a panel of queries.</summary>
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

    /// <summary>Computes the inner products of R rows and the queries of one panel.</summary>
    /// <param name="rows">R codes, [R, d], row-major, compact.</param>
    /// <param name="panel">The packed codes of the queries.</param>
    /// <param name="d">Length of a padded code.</param>
    /// <param name="starts">R numbers with which the sums begin.</param>
    /// <param name="queryCount">Queries that matter, from the first; the others' products may be left out.</param>
    /// <param name="tile">Receives [R, W].</param>
    static abstract void Multiply(sbyte* rows, byte* panel, int d, int* starts, int queryCount, int* tile);
}
