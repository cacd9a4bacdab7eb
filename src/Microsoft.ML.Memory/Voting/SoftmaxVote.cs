// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Similar counts exponentially more: <c>w = exp((1 - distance) / temperature)</c>.</summary>
/// <remarks>
/// The largest exponent is subtracted, so that small temperatures do not overflow; no share of the vote notices.
/// Source: Geirhos et al., 2025, arXiv 2408.08172.
/// </remarks>
public sealed class SoftmaxVote : IVote
{
    private readonly double _temperature;

    /// <summary>Makes the vote.</summary>
    /// <param name="temperature">Finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of its range.</exception>
    public SoftmaxVote(double temperature = 0.07)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(
                nameof(temperature),
                $"SoftmaxVote's temperature must be finite and above 0. Got {Check.Shown(temperature)}.");
        _temperature = temperature;
    }

    /// <inheritdoc/>
    public void Weigh(ReadOnlySpan<double> distances, Span<double> weights)
    {
        Check.Length(weights.Length, distances.Length, nameof(weights), "[k]");

        for (int rank = 0; rank < distances.Length; rank++)
        {
            // A distance may overflow to infinity in float, and infinity less infinity is no number.
            bool isFull = distances[rank] == distances[0];
            weights[rank] = isFull ? 1 : Math.Exp((distances[0] - distances[rank]) / _temperature);
        }
    }
}
