// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the operators of a block keep for backward.</summary>
/// <param name="CodedNorms">Whether normalised inputs are kept in 4 bits.</param>
/// <param name="Attention">How the probabilities of attention are kept.</param>
/// <param name="CodedProjections">Whether queries, keys and values are kept in 4 bits.</param>
/// <param name="ActivationBits">Bits of an activation's derivative, 1 to 4; 0 keeps it as it is.</param>
internal sealed record SavingPolicy(
    bool CodedNorms, AttentionSaving Attention, bool CodedProjections, int ActivationBits)
{
    /// <summary>Everything as it is: gradients equal autograd's up to rounding.</summary>
    public static SavingPolicy Exact { get; } = new(false, AttentionSaving.Exact, false, 0);

    /// <summary>Norms, probabilities and activations in 4 bits.</summary>
    public static SavingPolicy FourBit { get; } = new(true, AttentionSaving.Coded, false, 4);

    /// <summary>Norms and activations in 4 bits, probabilities computed again.</summary>
    public static SavingPolicy Recomputed { get; } = new(true, AttentionSaving.Recomputed, false, 4);

    /// <summary>Queries, keys and values in 4 bits, too.</summary>
    public static SavingPolicy FourBitEverything { get; } = new(true, AttentionSaving.Coded, true, 4);
}
