// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a correction of keys is learned.</summary>
internal sealed record CorrectionSettings
{
    /// <summary>Rank of the correction.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>What the correction is scaled by, before it is divided by the rank.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>What dot products are multiplied by.</summary>
    public double Scale { get; init; } = 40;

    /// <summary>Learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Passes over the rows.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Rows of a batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Seed of the start and the orders.</summary>
    public long Seed { get; init; }
}
