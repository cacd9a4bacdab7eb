// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>A row with vectors of fixed sizes that can be stored: a grid, texts and mostly zeros.</summary>
internal sealed class VectorValues
{
    public static readonly string[] Names = ["Grid", "Words", "Sparse"];

    [VectorType(2, 3)]
    public float[] Grid { get; set; } = new float[6];

    [VectorType(2)]
    public string?[] Words { get; set; } = ["", ""];

    [VectorType(5)]
    public VBuffer<double> Sparse { get; set; } = new(5, [0, 0, 0, 0, 0]);

    [VectorType(1)]
    public float[] Features { get; set; } = [0];

    /// <summary>Rows at 0, 1, 2.</summary>
    public static VectorValues[] Rows =>
    [
        new() { Grid = [1, 2, 3, 4, 5, 6], Words = ["a", null], Features = [0] },
        new() { Grid = [float.NaN, -0f, 0, 0, 0, 7], Words = ["", "tab\t🌍"], Features = [1] },
        new() { Words = ["x", "y"], Sparse = new VBuffer<double>(5, 2, [0.5, -1], [1, 4]), Features = [2] },
    ];

    public static IDataView View(MLContext mlContext) => mlContext.Data.LoadFromEnumerable(Rows);
}
