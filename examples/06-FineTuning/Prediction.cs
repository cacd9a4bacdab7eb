// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace FineTuningExample;

/// <summary>What the model says of one image.</summary>
internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
