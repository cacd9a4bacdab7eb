// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the output of a backbone becomes one feature vector.</summary>
public enum BackbonePooling
{
    /// <summary>What the backbone was made for: the pooler for BERT where the file has one, else the class token.
    /// </summary>
    Default,

    /// <summary>The first token after the final norm, D values.</summary>
    ClassToken,

    /// <summary>The mean of all patches or tokens after the final norm, padding and registers left out; D values.
    /// </summary>
    Mean,

    /// <summary>Class token and mean side by side, 2 D values: the head of DINOv2.</summary>
    ClassTokenAndMean,

    /// <summary>tanh of a linear map of the class token, D values; only where the file has a pooler.</summary>
    Pooler,

    /// <summary>The class token projected into the space shared with texts; CLIP only.</summary>
    Projection,
}
