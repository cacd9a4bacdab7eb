// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Only the order counts: <c>w = 1 / (offset + rank)</c>, ranks from 0.</summary>
/// <remarks>Unchanged by any monotone change of the distance. Source: Geirhos et al., 2025, arXiv 2408.08172.</remarks>
public sealed class RankVote : IVote
{
    private const double SmallestOffset = 0.1;

    private readonly double _offset;

    /// <summary>Makes the vote.</summary>
    /// <param name="offset">Finite and at least 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is out of its range.</exception>
    public RankVote(double offset = 2.0)
    {
        if (!(offset >= SmallestOffset && double.IsFinite(offset)))
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                $"RankVote's offset must be finite and at least {Check.Shown(SmallestOffset)}. "
                + $"Got {Check.Shown(offset)}.");
        _offset = offset;
    }

    /// <inheritdoc/>
    public void Weigh(ReadOnlySpan<double> distances, Span<double> weights)
    {
        Check.Length(weights.Length, distances.Length, nameof(weights), "[k]");

        for (int rank = 0; rank < distances.Length; rank++) weights[rank] = 1 / (_offset + rank);
    }
}
