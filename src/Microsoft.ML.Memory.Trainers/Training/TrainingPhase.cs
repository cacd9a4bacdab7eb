// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A part of a training with an optimizer, a schedule and a checkpoint of its own.</summary>
internal sealed record TrainingPhase
{
    /// <summary>How a step is computed.</summary>
    public required GradientStep Step { get; init; }

    /// <summary>Number of epochs of the phases before.</summary>
    public int EpochsBefore { get; init; }

    /// <summary>What is put behind the path of the checkpoint.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>What a checkpoint must know besides options, backbone and data; empty for the first phase.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Whether steps drop numbers where the method does.</summary>
    public bool Drops { get; init; } = true;
}
