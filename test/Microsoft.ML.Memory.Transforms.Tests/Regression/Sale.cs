// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

/// <summary>A house that was sold: where, and for how much.</summary>
internal sealed class Sale
{
    public long Id { get; set; }

    public float Label { get; set; }

    public float Weight { get; set; } = 1;

    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];
}

/// <summary>What a regression says of a house.</summary>
internal sealed class SaleEstimate
{
    public float Score { get; set; }

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborDistances { get; set; } = [];

    public float[] NeighborLabels { get; set; } = [];

    public float[] NeighborWeights { get; set; } = [];

    public override string ToString() => FormattableString.Invariant(
        $"{BitConverter.SingleToUInt32Bits(Score)}: {string.Join(' ', NeighborIds)} ")
        + FormattableString.Invariant($"at {string.Join(' ', NeighborDistances)} ")
        + FormattableString.Invariant($"for {string.Join(' ', NeighborLabels)} by {string.Join(' ', NeighborWeights)}");
}
