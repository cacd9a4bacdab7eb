// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace OnnxEncoderExample;

/// <summary>What a memory says of one image.</summary>
internal sealed class Recognised
{
    public string Label { get; set; } = "";

    public string PredictedLabel { get; set; } = "";
}
