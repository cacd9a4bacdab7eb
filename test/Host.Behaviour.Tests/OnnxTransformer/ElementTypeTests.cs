// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.Networks;

/// <summary>Columns of every type that networks have too.</summary>
[TestClass]
public sealed class ElementTypeTests : NetworkTests
{
    [TestMethod]
    public void Floats() => Check<float>(TensorElementType.Float, [1.5f, float.NaN]);

    [TestMethod]
    public void Doubles() => Check<double>(TensorElementType.Double, [1.5, -1e300]);

    [TestMethod]
    public void Longs() => Check<long>(TensorElementType.Int64, [long.MinValue, 7]);

    [TestMethod]
    public void Ints() => Check<int>(TensorElementType.Int32, [int.MinValue, 7]);

    [TestMethod]
    public void Shorts() => Check<short>(TensorElementType.Int16, [short.MinValue, 7]);

    [TestMethod]
    public void Bytes() => Check<byte>(TensorElementType.UInt8, [255, 7]);

    [TestMethod]
    public void Bools() => Check<bool>(TensorElementType.Bool, [true, false]);

    [TestMethod]
    public void Texts() => Check<string>(TensorElementType.String, ["grün", ""]);

    private void Check<T>(TensorElementType type, T[] values)
    {
        T[] swapped = [values[1], values[0]];
        IDataView rows = Ml.Data.LoadFromEnumerable<Pair<T>>([new() { X = values }, new() { X = swapped }]);

        IDataView same = Ml.Transforms.ApplyOnnxModel(new MemoryStream(Same(type, "batch", 2)))
            .Fit(rows).Transform(rows);

        T[][] results = [.. Ml.Data.CreateEnumerable<Result<T>>(same, reuseRowObject: false).Select(row => row.Y)];
        CollectionAssert.AreEqual(values, results[0]);
        CollectionAssert.AreEqual(swapped, results[1]);
    }

    private sealed class Pair<T>
    {
        [ColumnName("x")]
        [VectorType(2)]
        public T[] X { get; set; }
    }

    private sealed class Result<T>
    {
        [ColumnName("y")]
        [VectorType(2)]
        public T[] Y { get; set; }
    }
}
