// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One neighbour, one vote: <c>w = 1</c>.</summary>
public sealed class PluralityVote : IVote
{
    /// <inheritdoc/>
    public void Weigh(ReadOnlySpan<double> distances, Span<double> weights)
    {
        Check.Length(weights.Length, distances.Length, nameof(weights), "[k]");

        weights.Fill(1);
    }
}
