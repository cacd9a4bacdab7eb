// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What came of a change.</summary>
internal sealed class ChangeOutcome
{
    public static ChangeOutcome None { get; } = new();

    /// <summary>Ids that were given or removed, in the order of the rows; null for a row that was not remembered.
    /// </summary>
    public IReadOnlyList<long?> Ids { get; init; } = [];

    /// <summary>What was predicted on the way.</summary>
    public IReadOnlyList<AdaptivePrediction> Predictions { get; init; } = [];
}
