// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>What a memory that rejects says of a point.</summary>
internal sealed class TrustPrediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];

    public float[] NeighborWeights { get; set; } = [];

    public bool IsUnknown { get; set; }

    public float UnknownScore { get; set; }
}
