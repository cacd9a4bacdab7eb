// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The rows that may be nearest to each query of a batch, best first.</summary>
/// <param name="Width">Candidates per query.</param>
/// <param name="Scores">[n, width], true scores are at most these; minus infinity where there is no candidate.</param>
/// <param name="Positions">[n, width] positions in the snapshot.</param>
/// <param name="IsAll">True where no row is left out.</param>
internal sealed record DeviceCandidates(int Width, float[] Scores, long[] Positions, bool IsAll)
{
    public ReadOnlySpan<float> ScoresOf(int query) => Scores.AsSpan(query * Width, Width);

    public ReadOnlySpan<long> PositionsOf(int query) => Positions.AsSpan(query * Width, Width);
}
