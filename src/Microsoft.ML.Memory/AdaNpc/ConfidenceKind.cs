// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an adaptive memory takes for the confidence of a prediction.</summary>
public enum ConfidenceKind
{
    /// <summary>The largest vote probability, in [1/c, 1].</summary>
    VoteProbability = 0,

    /// <summary>
    /// The largest value of a softmax over the vote probabilities, as the authors' code has it: with c classes it lies
    /// in [1/c, e/(e + c - 1)], so that most thresholds let everything or nothing in.
    /// </summary>
    DoubleSoftmax = 1,
}
