// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says how much each neighbour's vote weighs.</summary>
/// <remarks>Thread safety: immutable, so safe.</remarks>
public interface IVote
{
    /// <summary>Computes the weight of each neighbour's vote.</summary>
    /// <param name="distances">[k], ascending; the rank of a neighbour is its place here, 0 for the nearest.</param>
    /// <param name="weights">Receives [k], each finite and at least 0.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> is not k long.</exception>
    void Weigh(ReadOnlySpan<double> distances, Span<double> weights);
}
