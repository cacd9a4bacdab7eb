// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>A row that the models of the tests are trained on.</summary>
internal sealed class TestRow
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    [VectorType(TestModels.Dimension)]
    public float[] Features { get; set; } = [];
}
