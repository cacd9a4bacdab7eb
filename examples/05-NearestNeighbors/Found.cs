// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace NearestNeighborsExample;

/// <summary>What the lookup says of one image.</summary>
internal sealed class Found
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborDistances { get; set; } = [];

    public string[] NeighborLabel { get; set; } = [];
}
