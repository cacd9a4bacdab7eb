// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A kernel that computes the inner products of a few rows and a panel of queries at once.</summary>
internal unsafe interface IScoreTile
{
    /// <summary>Number of rows R of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Number of queries W of a panel; a multiple of 8.</summary>
    static abstract int Queries { get; }

    /// <summary>True where a panel is packed as [d, W], false where it is [W, d].</summary>
    static abstract bool IsInterleaved { get; }

    /// <summary>Computes the inner products of R rows and the queries of one panel.</summary>
    /// <param name="rows">R rows, [R, d], row-major, compact.</param>
    /// <param name="panel">The packed queries.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="queryCount">Queries that matter, from the first; the others' products may be left out.</param>
    /// <param name="tile">Receives [R, W].</param>
    static abstract void Multiply(float* rows, float* panel, int d, int queryCount, float* tile);

    /// <summary>Turns one row of a tile into scores, <c>product * scale + offset</c>, in place.</summary>
    /// <param name="products">W inner products of a row; receives the scores.</param>
    /// <param name="thresholds">W numbers.</param>
    /// <param name="scale">The row's factor.</param>
    /// <param name="offset">The row's summand.</param>
    /// <returns>A bit for each score that is not at or below its threshold; NaN is not.</returns>
    static abstract uint Sift(float* products, float* thresholds, float scale, float offset);
}
