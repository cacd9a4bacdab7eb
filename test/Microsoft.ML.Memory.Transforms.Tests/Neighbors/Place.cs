// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>A place on a map, with what is known of it.</summary>
internal sealed class Place
{
    public long Id { get; set; }

    public string? Name { get; set; } = "";

    public float Height { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];
}

/// <summary>What a lookup says of a place.</summary>
internal sealed class PlaceNeighbors
{
    public long Id { get; set; }

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborDistances { get; set; } = [];

    public string[] NeighborName { get; set; } = [];

    public float[] NeighborHeight { get; set; } = [];

    public override string ToString() => FormattableString.Invariant(
        $"{Id}: {string.Join(' ', NeighborIds)} at {string.Join(' ', NeighborDistances)} ")
        + FormattableString.Invariant($"{string.Join(' ', NeighborName)} {string.Join(' ', NeighborHeight)}");
}
