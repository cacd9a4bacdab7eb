// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What was fitted on held-out rows; it stays through edits, since those rows are not here any more.</summary>
/// <param name="Temperature">The temperature; null where it follows from the memory.</param>
/// <param name="Known">The scores of known rows; null where they follow from the memory.</param>
internal sealed record HeldOutFit(PowerTemperature? Temperature = null, KnownScores? Known = null)
{
    public static HeldOutFit None { get; } = new();
}
