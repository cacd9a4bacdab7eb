// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a backbone is read and run.</summary>
public sealed record BackboneOptions
{
    /// <summary>Where it runs, such as "cpu" or "cuda:0"; null, the default, is the CPU.</summary>
    public string? Device { get; init; }

    /// <summary>What its feature vector is. Default: what the backbone was made for.</summary>
    public BackbonePooling Pooling { get; init; } = BackbonePooling.Default;

    /// <summary>How positions are carried over to other image sizes; null, the default, is the kind's own rule.
    /// </summary>
    public PositionRule? Positions { get; init; }
}
