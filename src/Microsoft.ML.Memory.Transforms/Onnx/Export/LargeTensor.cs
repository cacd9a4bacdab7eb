// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>An initializer that is written piece by piece and never held as a whole.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Dimensions">Its shape.</param>
/// <param name="ByteCount">Bytes of its values.</param>
/// <param name="Write">Writes exactly as many bytes, little-endian.</param>
internal sealed record LargeTensor(
    string Name, TensorProto.Types.DataType Type, long[] Dimensions, long ByteCount, Action<Stream> Write)
{
    /// <summary>Gives the message without the values.</summary>
    public TensorProto Header()
    {
        var tensor = new TensorProto { Name = Name, DataType = (int)Type };
        tensor.Dims.Add(Dimensions);
        return tensor;
    }
}
