// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>How the tensor of a row becomes a vector.</summary>
internal enum EncoderPooling
{
    /// <summary>As it is, flattened.</summary>
    None,

    /// <summary>The first of the tokens [tokens, d].</summary>
    First,

    /// <summary>The mean of the tokens [tokens, d], weighted by the mask where there is one.</summary>
    MeanOfTokens,

    /// <summary>The mean of each channel [c, height, width].</summary>
    MeanOfPlanes,

    /// <summary>The mean of each channel [height, width, c].</summary>
    MeanOfPixels,
}
