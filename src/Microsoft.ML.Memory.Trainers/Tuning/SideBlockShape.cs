// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sizes and kind of a transformer block that a readout method trains.</summary>
internal sealed record SideBlockShape
{
    /// <summary>What the names of its tensors start with, a dot last.</summary>
    public required string Prefix { get; init; }

    public int Index { get; init; }

    public required long Width { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required long InnerWidth { get; init; }

    /// <summary>Divides <see cref="Width"/>.</summary>
    public required int HeadCount { get; init; }

    public required ActivationKind Activation { get; init; }

    public required double Epsilon { get; init; }

    public bool NormLast { get; init; }

    public bool Gated { get; init; }
}
