// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Something that a shop offers.</summary>
internal sealed class Offer
{
    public long Id { get; set; }

    public string? Shop { get; set; } = "";

    public string Name { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];
}

/// <summary>What a lookup says of an offer.</summary>
internal sealed class OfferNeighbors
{
    public long Id { get; set; }

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborDistances { get; set; } = [];

    public string[] NeighborName { get; set; } = [];

    public override string ToString() => FormattableString.Invariant(
        $"{Id}: {string.Join(' ', NeighborIds)} at {string.Join(' ', NeighborDistances)} ")
        + string.Join(' ', NeighborName);
}
