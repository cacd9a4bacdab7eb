// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A kernel that compares a few rows and a panel of queries at once, by sums over their values.</summary>
internal unsafe interface IScoreTile
{
    /// <summary>Number of rows R of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Number of queries W of a panel; a multiple of 8.</summary>
    static abstract int Queries { get; }

    /// <summary>True where a panel is packed as [d, W], false where it is [W, d].</summary>
    static abstract bool IsInterleaved { get; }

    /// <summary>Makes the fastest pass by products that this kernel has.</summary>
    static abstract ScanPass PassOf(NativeScratch scratch, in ScanRequest scan, ScanWave wave);

    /// <summary>Scores R rows for the queries of one panel: <c>sum * scale + offset</c>.</summary>
    /// <typeparam name="TTerm">What two values add to a sum.</typeparam>
    /// <param name="rows">R rows, [R, d], row-major, compact.</param>
    /// <param name="panel">The packed queries.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="queryCount">Queries that matter, from the first; the others' scores may be anything.</param>
    /// <param name="terms">What else is known of rows and queries.</param>
    /// <param name="scores">Receives [R, W].</param>
    /// <param name="passed">
    /// Receives, for each row, a bit for each score that is not at or below its threshold; NaN is not.
    /// </param>
    /// <returns>0 where no score passed.</returns>
    static abstract uint Score<TTerm>(
        float* rows, float* panel, int d, int queryCount, in TileTerms terms, float* scores, uint* passed)
        where TTerm : struct, IFloatTerm;
}
