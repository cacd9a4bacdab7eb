// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What training keeps of a forward pass until its backward pass.</summary>
/// <remarks>
/// <para>Concerns methods whose trained tensors sit inside the backbone; a method that only reads the frozen backbone
/// keeps nothing of it anyway. What the network computes is the same for all; the codes of 4 bits make gradients
/// coarser, with a cosine to the exact ones of about 0.99.</para>
/// <para>Figures: share of what full fine-tuning keeps, for biases trained in a ViT-B/16.</para>
/// </remarks>
public enum ActivationSaving
{
    /// <summary>All that gradients need; 63 %. Exact and fastest.</summary>
    All,

    /// <summary>What enters each block; 11 %. Exact; runs every block twice. Chen et al., 2016, arXiv 1604.06174.
    /// </summary>
    Checkpoints,

    /// <summary>Norms, activations and probabilities of attention in 4 bits; 22 %. S2A-style, arXiv 2503.08154.
    /// </summary>
    FourBit,

    /// <summary>Norms and activations in 4 bits, probabilities computed again from queries and keys; 20 %.</summary>
    FourBitRecomputed,

    /// <summary>Norms, activations, probabilities, queries, keys and values in 4 bits; 8 % and the coarsest
    /// gradients.</summary>
    FourBitEverything,
}
