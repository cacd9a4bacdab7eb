// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

internal sealed partial class OnnxGraph
{
    /// <summary>Gives a Single without dimensions.</summary>
    public string Single(float value)
        => Scalar("f", BitConverter.SingleToInt32Bits(value), () => Tensor<float>(DataType.Float, [value], []));

    /// <summary>Gives a Double without dimensions.</summary>
    public string Double(double value)
        => Scalar("d", BitConverter.DoubleToInt64Bits(value), () => Tensor<double>(DataType.Double, [value], []));

    /// <summary>Gives an Int64 without dimensions.</summary>
    public string Int64(long value) => Scalar("i", value, () => Tensor<long>(DataType.Int64, [value], []));

    /// <summary>Gives a byte without dimensions.</summary>
    public string Byte(byte value) => Scalar("b", value, () => Tensor<byte>(DataType.Uint8, [value], []));

    /// <summary>Gives a vector of Int64, as shapes and axes are given.</summary>
    public string Shape(params ReadOnlySpan<long> sizes)
    {
        IEnumerable<string> texts = sizes.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture));
        string key = "s" + string.Join(',', texts);
        if (_scalars.TryGetValue(key, out string? known)) return known;
        return _scalars[key] = Tensor(DataType.Int64, sizes, [sizes.Length]);
    }

    public string Tensor(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions)
        => Tensor(DataType.Float, values, dimensions);

    public string Tensor(ReadOnlySpan<double> values, params ReadOnlySpan<long> dimensions)
        => Tensor(DataType.Double, values, dimensions);

    public string Tensor(ReadOnlySpan<long> values, params ReadOnlySpan<long> dimensions)
        => Tensor(DataType.Int64, values, dimensions);

    public string Tensor(ReadOnlySpan<uint> values, params ReadOnlySpan<long> dimensions)
        => Tensor(DataType.Uint32, values, dimensions);

    public string Tensor(ReadOnlySpan<bool> values, params ReadOnlySpan<long> dimensions)
        => Tensor(DataType.Bool, values, dimensions);

    /// <summary>Gives a vector of texts.</summary>
    public string Strings(IEnumerable<string> values)
    {
        var tensor = new TensorProto { Name = NextName("Constant"), DataType = (int)DataType.String };
        foreach (string value in values) tensor.StringData.Add(ByteString.CopyFromUtf8(value));
        tensor.Dims.Add(tensor.StringData.Count);
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Scalar(string kind, long bits, Func<string> create)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{kind}{bits}");
        return _scalars.TryGetValue(key, out string? known) ? known : _scalars[key] = create();
    }

    private string Tensor<T>(DataType type, ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        var tensor = new TensorProto
        {
            Name = NextName("Constant"),
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        foreach (long size in dimensions) tensor.Dims.Add(size);
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }
}
