// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>A labelled row with columns of many types.</summary>
internal sealed class OddRow
{
    public string Label { get; set; } = "";

    public int Count { get; set; }

    public bool Flag { get; set; }

    [VectorType(3)]
    public float[] Features { get; set; } = [];

    [VectorType(3)]
    public double[] Doubles { get; set; } = [];

    [VectorType(3)]
    public int[] Integers { get; set; } = [];

    [VectorType(12)]
    public byte[] Pixels { get; set; } = [];

    [VectorType]
    public long[] Ids { get; set; } = [];

    public static OddRow[] Draw(int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count).Select(row => new OddRow
        {
            Label = $"class {row % 3}",
            Count = row,
            Flag = row % 2 == 0,
            Features = [.. Enumerable.Range(0, 3).Select(_ => random.NextSingle() - 0.5f)],
            Doubles = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.5f)],
            Integers = [.. Enumerable.Range(0, 3).Select(_ => random.Next(10))],
            Pixels = [.. Enumerable.Range(0, 12).Select(_ => (byte)random.Next(256))],
            Ids = [.. Enumerable.Range(0, 2 + (row % 3)).Select(_ => (long)random.Next(10))],
        })];
    }

    /// <summary>Gives a column of some rows as an input of a graph; rows of tokens have as many each.</summary>
    public static OrtValue ValueOf(NodeMetadata input, string column, OddRow[] rows)
    {
        double[] numbers = [.. rows.SelectMany(row => row.Numbers(column))];
        long[] shape = [.. input.Dimensions.Select((size, place) => place == 0 ? rows.Length : (long)size)];
        int open = Array.IndexOf(shape, -1);
        if (open >= 0) shape[open] = numbers.Length / rows.Length;
        return input.ElementDataType switch
        {
            TensorElementType.Float => Value(number => (float)number),
            TensorElementType.Double => Value(number => number),
            TensorElementType.Int32 => Value(number => (int)number),
            TensorElementType.UInt8 => Value(number => (byte)number),
            TensorElementType.Bool => Value(number => number != 0),
            _ => Value(number => (long)number),
        };

        OrtValue Value<T>(Func<double, T> convert)
            where T : unmanaged
            => OrtValue.CreateTensorValueFromMemory([.. numbers.Select(convert)], shape);
    }

    private IEnumerable<double> Numbers(string column) => column switch
    {
        nameof(Features) => Features.Select(number => (double)number),
        nameof(Doubles) => Doubles,
        nameof(Integers) => Integers.Select(number => (double)number),
        nameof(Pixels) => Pixels.Select(number => (double)number),
        nameof(Ids) => Ids.Select(number => (double)number),
        nameof(Count) => [Count],
        _ => [Flag ? 1 : 0],
    };
}
