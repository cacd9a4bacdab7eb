// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Examples to remember.</summary>
internal sealed class AddChange(ChangeLabels labels, float[] features) : MemoryChange
{
    /// <summary>Labels of the n examples.</summary>
    public ChangeLabels Labels { get; } = labels;

    /// <summary>[n, d], finite.</summary>
    public float[] Features { get; } = features;

    /// <summary>[n] ids; null lets the memory number the entries.</summary>
    public long[]? Ids { get; init; }

    /// <summary>[n] weights, finite and at least 0; null means 1 each.</summary>
    public float[]? Weights { get; init; }

    /// <summary>Number of examples.</summary>
    public int Count => Labels.Rows.Length;
}
