// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A kernel whose inner products can be gathered part by part before they are made scores.</summary>
internal unsafe interface IStrassenTile : IScoreTile
{
    /// <summary>Adds the inner products of R rows and of a panel to a tile.</summary>
    /// <param name="rows">R rows, row-major.</param>
    /// <param name="stride">Values from one row to the next.</param>
    /// <param name="panel">The packed queries, [length, W].</param>
    /// <param name="length">Values of a row that are multiplied.</param>
    /// <param name="addends">[R, W], what the products are added to.</param>
    /// <param name="sums">[R, W], receives the sums; may be the addends.</param>
    static abstract void Multiply(
        float* rows, nint stride, float* panel, int length, float* addends, float* sums);

    /// <summary>Makes gathered inner products scores: <c>product * scale + offset</c>.</summary>
    /// <param name="terms">What else is known of rows and queries.</param>
    /// <param name="sums">[R, W]; receives the scores.</param>
    /// <param name="passed">As of <see cref="IScoreTile.Score"/>.</param>
    /// <returns>0 where no score passed.</returns>
    static abstract uint Sift(in TileTerms terms, float* sums, uint* passed);
}
