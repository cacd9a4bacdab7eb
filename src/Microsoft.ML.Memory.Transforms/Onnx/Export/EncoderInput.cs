// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>How an input of an encoder is fed in the merged graph.</summary>
/// <param name="Name">Its name in the encoder.</param>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Dimensions">Dimensions of a row; -1 is the number of tokens.</param>
/// <param name="ColumnName">The column that becomes the graph's input; null where none feeds it.</param>
internal sealed record EncoderInput(string Name, DataType Type, IReadOnlyList<int> Dimensions, string? ColumnName)
{
    /// <summary>What the input holds where no column feeds it: ones or zeros.</summary>
    public float Filling { get; init; }

    /// <summary>How pixels become what the encoder reads; null where the column holds the tensor.</summary>
    public PixelArithmetic? Pixels { get; init; }
}
