// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Nearer counts more: <c>w = exp(-distance)^exponent</c>.</summary>
/// <remarks>
/// The largest weight is scaled to 1, which no share of the vote notices and which keeps large distances from
/// underflowing all at once. Source: Geirhos et al., 2025, arXiv 2408.08172.
/// </remarks>
public sealed class DistanceVote : IVote
{
    private readonly double _exponent;

    /// <summary>Makes the vote.</summary>
    /// <param name="exponent">Finite and at least 0; 0 is plurality.</param>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is out of its range.</exception>
    public DistanceVote(double exponent = 1.0)
    {
        if (!(exponent >= 0 && double.IsFinite(exponent)))
            throw new ArgumentOutOfRangeException(
                nameof(exponent),
                $"DistanceVote's exponent must be finite and at least 0. Got {Check.Shown(exponent)}.");
        _exponent = exponent;
    }

    /// <inheritdoc/>
    public void Weigh(ReadOnlySpan<double> distances, Span<double> weights)
    {
        Check.Length(weights.Length, distances.Length, nameof(weights), "[k]");

        for (int rank = 0; rank < distances.Length; rank++)
        {
            // A distance may overflow to infinity in float, and infinity less infinity is no number.
            bool isFull = distances[rank] == distances[0] || _exponent == 0;
            weights[rank] = isFull ? 1 : Math.Exp(-_exponent * (distances[rank] - distances[0]));
        }
    }
}
