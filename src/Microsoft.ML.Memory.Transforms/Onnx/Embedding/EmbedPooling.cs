// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How what a network computes for a row becomes one vector of features.</summary>
public enum EmbedPooling
{
    /// <summary>As it is, all numbers of the row one after the other.</summary>
    None,

    /// <summary>The first of the tokens [tokens, d]: what BERT, CLIP and DINOv2 call the class token.</summary>
    First,

    /// <summary>
    /// The mean over the tokens [tokens, d], weighted by the column of the input <c>attention_mask</c> where there is
    /// one; of a feature map [c, height, width], the mean of each channel.
    /// </summary>
    Mean,
}
