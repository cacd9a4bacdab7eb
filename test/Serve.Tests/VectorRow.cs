// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A row whose vector has the length that a test wants.</summary>
internal sealed class VectorRow
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    public float Weight { get; set; } = 1;

    public float[] Features { get; set; } = [];
}
