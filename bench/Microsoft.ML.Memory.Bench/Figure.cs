// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>One measured figure.</summary>
/// <param name="Case">What was run.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="Value">The median.</param>
/// <param name="Unit">Unit of the value.</param>
internal sealed record Figure(string Case, string Metric, double Value, string Unit)
{
    /// <summary>Lowest and highest measurement, as text; null where there was one only.</summary>
    public string? Spread { get; init; }

    /// <summary>Name of what the value is compared with, or null.</summary>
    public string? Peer { get; init; }

    /// <summary>Ours to the peer or the limit, larger is better; null without a peer.</summary>
    public double? Ratio { get; init; }

    /// <summary>The ratio that is asked for, or null.</summary>
    public double? Floor { get; init; }

    /// <summary>Whether the floor is reached; null without a floor.</summary>
    public bool? Met => Floor is { } floor && Ratio is { } ratio ? ratio >= floor : null;
}
