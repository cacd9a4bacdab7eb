// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the learning rate of the values is multiplied by.</summary>
public enum LearningRateScale
{
    /// <summary>
    /// By the number of heads: logits are means over the heads, so that each value gets only that part of the gradient.
    /// </summary>
    PerHead = 0,

    /// <summary>By 1, as the authors' code has it, which needs thousands of epochs.</summary>
    Official = 1,
}
