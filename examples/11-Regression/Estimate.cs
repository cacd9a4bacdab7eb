// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace RegressionExample;

/// <summary>What the model says of a home.</summary>
internal sealed class Estimate
{
    public float Price { get; set; }

    public float Score { get; set; }

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborLabels { get; set; } = [];

    public float[] NeighborWeights { get; set; } = [];

    public double Error => Math.Abs(Score - Price);
}
