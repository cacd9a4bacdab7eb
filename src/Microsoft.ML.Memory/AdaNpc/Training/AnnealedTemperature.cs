// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The temperature of the neighbour loss along training: falls in a line, then stays.</summary>
/// <remarks>
/// Source: arXiv 2304.12566, released code. Differs from it: the temperature stays at its end, where the code lets it
/// fall on to zero.
/// </remarks>
public sealed record AnnealedTemperature
{
    /// <summary>Temperature of the first step. Default 1.</summary>
    public double Start { get; init; } = 1.0;

    /// <summary>Temperature from the last step on. Default 0.1.</summary>
    public double End { get; init; } = 0.1;

    /// <summary>Number of steps from one to the other, at least 1. Default 5,000.</summary>
    public int StepCount { get; init; } = 5000;

    /// <summary>Gives the temperature of a step, counted from 0.</summary>
    public double At(long step) => Start + ((End - Start) * Math.Clamp(step / (double)StepCount, 0, 1));
}
