// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace VisualMemoryExample;

/// <summary>What the memory says about one query.</summary>
internal sealed class Prediction
{
    public long Id { get; set; }

    /// <summary>Name of the class; empty where there was nothing to compare with.</summary>
    public string PredictedClass { get; set; } = "";

    /// <summary>Share of the vote of each class; sums to 1.</summary>
    public float[] Score { get; set; } = [];
}
