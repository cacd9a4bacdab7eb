// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>A row with a column of each kind that feeds a network.</summary>
internal sealed class EmbedRow
{
    public string Label { get; set; } = "";

    public int Count { get; set; }

    [VectorType(3)]
    public float[] Features { get; set; } = [0, 0, 0];

    [VectorType(3)]
    public double[] Doubles { get; set; } = [0, 0, 0];

    [VectorType(3)]
    public int[] Integers { get; set; } = [0, 0, 0];

    [VectorType]
    public long[] Ids { get; set; } = [];

    [VectorType]
    public float[] Mask { get; set; } = [];

    [VectorType(12)]
    public byte[] Pixels { get; set; } = new byte[12];

    [VectorType(12)]
    public float[] PixelNumbers { get; set; } = new float[12];

    [VectorType]
    public byte[] File { get; set; } = [];
}

/// <summary>What an encoder gives.</summary>
internal sealed class Encoded
{
    public float[] Code { get; set; } = [];
}
