// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One neighbour, one vote: <c>w = 1</c>.</summary>
public sealed class PluralityVote : IVote
{
    /// <inheritdoc/>
    public void Weigh(ReadOnlySpan<double> distances, Span<double> weights) => weights[..distances.Length].Fill(1);
}
