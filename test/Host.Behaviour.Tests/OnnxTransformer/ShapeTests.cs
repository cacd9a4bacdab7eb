// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.OnnxRuntime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.Networks;

/// <summary>How the shapes of tensors and the sizes of columns go together.</summary>
[TestClass]
public sealed class ShapeTests : NetworkTests
{
    [TestMethod]
    [DataRow("y:Vector<Single, 3>", 3)]
    [DataRow("y:Vector<Single, 1, 3>", "batch", 3)]
    [DataRow("y:Vector<Single, 1, 3, 1>", "batch", 3, 1)]
    public void Output_keeps_its_dimensions(string column, params object[] dimensions)
    {
        IDataView same = Applied(Same(TensorElementType.Float, dimensions), Vectors(3, [1, 2, 3]));

        Assert.AreEqual(column, Columns(same, 1));
        Assert.AreEqual("1 2 3", Text(Floats(same, "y")));
    }

    [TestMethod]
    public void Output_with_a_free_size_beside_the_first_is_of_any_size()
    {
        byte[] network = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Output("y", TensorElementType.Int64, 2, "count")
            .Node("NonZero", ["x"], ["y"])
            .ToBytes();

        IDataView places = Applied(network, Vectors(3, [0, 5, 6], [0, 0, 7]));

        Assert.AreEqual("y:Vector<Int64>", Columns(places, 1));
        CollectionAssert.AreEqual(new[] { 4, 2 }, places.GetColumn<long[]>("y").Select(y => y.Length).ToArray());
    }

    [TestMethod]
    public void Column_of_any_size_fills_the_free_size()
    {
        IDataView same = Applied(
            Same(TensorElementType.Float, 1, 2, "length"), Vectors(0, [1, 2, 3, 4], [5, 6]));
        IDataView none = Applied(Same(TensorElementType.Float, 1, "length"), Vectors(0, [], [7]));

        Assert.AreEqual("1 2 3 4 | 5 6", Text(Floats(same, "y")));
        Assert.AreEqual(" | 7", Text(Floats(none, "y")));
    }

    [TestMethod]
    [DataRow("index", 1, 3)]
    [DataRow("index", "batch", 3)]
    [DataRow("index", "length")]
    public void Column_of_any_size_without_a_free_size_fails_when_read(string parameter, params object[] dimensions)
    {
        IDataView same = Applied(Same(TensorElementType.Float, dimensions), Vectors(0, [1, 2, 3]));

        var error = Ahead<ArgumentOutOfRangeException>(same, "y");

        Assert.AreEqual(parameter, error.ParamName);
        StringAssert.StartsWith(error.Message, "Index was out of range. ");
    }

    [TestMethod]
    [DataRow("Length of memory (3) must match product of dimensions (0).", 1, "length")]
    [DataRow("Length of memory (3) must match product of dimensions (0).", "batch", "length")]
    [DataRow("Length of memory (3) must match product of dimensions (0).", 0, 3)]
    [DataRow("Length of memory (3) must match product of dimensions (1).", "length")]
    [DataRow("Length of memory (3) must match product of dimensions (1).", 1, 1)]
    public void Column_of_known_size_leaves_the_free_size_empty(string message, params object[] dimensions)
    {
        IDataView same = Applied(Same(TensorElementType.Float, dimensions), Vectors(3, [1, 2, 3]));

        Assert.AreEqual(message, Ahead<ArgumentException>(same, "y").Message);
    }

    [TestMethod]
    public void Column_of_another_size_is_refused_when_it_is_bound()
    {
        var four = Assert.ThrowsExactly<InvalidOperationException>(
            () => Applied(Same(TensorElementType.Float, "batch", 3), Vectors(4, [1, 2, 3, 4])));
        var one = Assert.ThrowsExactly<InvalidOperationException>(
            () => Applied(Same(TensorElementType.Float, 1, 3), One(7)));

        Assert.AreEqual("Input shape mismatch: Input 'x' has shape 1,3, but input data is of length 4.", four.Message);
        Assert.AreEqual("Input shape mismatch: Input 'x' has shape 1,3, but input data is of length 1.", one.Message);
    }

    [TestMethod]
    public void Two_free_sizes_beside_the_first_are_refused_when_they_are_bound()
    {
        byte[] network = Same(TensorElementType.Float, "batch", 3, "height", "width");

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Applied(network, Vectors(12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])));

        Assert.AreEqual("Only 1 unknown dimension is allowed (Parameter 'x')", error.Message);
    }

    [TestMethod]
    public void Single_value_has_two_dimensions()
    {
        IDataView same = Applied(Same(TensorElementType.Float, "batch", 1), One(7));

        Assert.AreEqual("7", Text(Floats(same, "y")));
        foreach (object[] dimensions in new object[][] { [1], ["batch"], [1, 1, 1] })
        {
            IDataView other = Applied(Same(TensorElementType.Float, dimensions), One(7));
            StringAssert.StartsWith(
                Ahead<Exception>(other, "y").Message,
                "[ErrorCode:InvalidArgument] Invalid rank for input: x Got: 2 Expected: ");
        }
    }

    [TestMethod]
    public void Tensor_without_a_dimension_fails_when_read()
    {
        byte[] sum = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Output("y", TensorElementType.Float)
            .Node("ReduceSum", ["x"], ["y"], ("keepdims", 0))
            .ToBytes();

        IDataView total = Applied(sum, Vectors(3, [1, 2, 3]));

        Assert.AreEqual("y:Single", Columns(total, 1));
        Assert.AreEqual("source", Ahead<ArgumentNullException>(total, "y").ParamName);
        foreach (IDataView rows in new[] { One(1), Vectors(1, [1]) })
        {
            IDataView same = Applied(Same(TensorElementType.Float), rows);
            Assert.AreEqual("source", Ahead<ArgumentNullException>(same, "y").ParamName);
        }
    }

    [TestMethod]
    public void Tensor_without_a_shape_is_refused_at_once()
    {
        byte[] input = Same(TensorElementType.Float, null);
        byte[] output = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Output("y", TensorElementType.Float, null)
            .Node("Identity", ["x"], ["y"])
            .ToBytes();

        foreach (byte[] network in new[] { input, output })
        {
            Assert.ThrowsExactly<NullReferenceException>(
                () => Ml.Transforms.ApplyOnnxModel(new MemoryStream(network)));
        }
    }

    [TestMethod]
    public void Given_shape_of_an_input_makes_one_row_a_batch()
    {
        Dictionary<string, int[]> input = new() { ["x"] = [2, 3] };
        Dictionary<string, int[]> both = new() { ["x"] = [2, 3], ["y"] = [2, 3], ["other"] = [1] };
        IDataView rows = Vectors(6, [1, 2, 3, 4, 5, 6]);

        IDataView one = Applied(Same(TensorElementType.Float, "batch", 3), rows, input);
        IDataView two = Applied(Same(TensorElementType.Float, "batch", "length"), rows, both);

        // The column's type is not that of its values, as the output's shape was not given.
        Assert.AreEqual("y:Vector<Single, 1, 3>", Columns(one, 1));
        Assert.AreEqual("1 2 3 4 5 6", Text(Floats(one, "y")));
        Assert.AreEqual("y:Vector<Single, 2, 3>", Columns(two, 1));
        Assert.AreEqual("1 2 3 4 5 6", Text(Floats(two, "y")));
    }

    [TestMethod]
    public void Given_shape_of_the_input_leaves_the_outputs_type()
    {
        byte[] network = Same(TensorElementType.Float, "batch", "length");
        IDataView rows = Vectors(6, [1, 2, 3, 4, 5, 6]);

        IDataView input = Applied(network, rows, new Dictionary<string, int[]> { ["x"] = [1, 6] });
        IDataView output = Applied(network, rows, new Dictionary<string, int[]> { ["y"] = [1, 6] });

        Assert.AreEqual("y:Vector<Single>", Columns(input, 1));
        Assert.AreEqual("1 2 3 4 5 6", Text(Floats(input, "y")));
        Ahead<ArgumentException>(output, "y");
    }

    [TestMethod]
    public void Given_shape_of_no_rows_fails_when_read() => Ahead<ArgumentException>(
        Applied(
            Same(TensorElementType.Float, "batch", 3),
            Vectors(3, [1, 2, 3]),
            new Dictionary<string, int[]> { ["x"] = [0, 3] }),
        "y");

    [TestMethod]
    [DataRow("x", "1,4", 1, 4)]
    [DataRow("x", "3", 3)]
    [DataRow("y", "1,4", 1, 4)]
    public void Given_shape_that_does_not_fit_is_refused_at_once(string name, string text, params int[] shape)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.ApplyOnnxModel(
            new MemoryStream(Same(TensorElementType.Float, "batch", 3)),
            new Dictionary<string, int[]> { [name] = shape }));

        Assert.AreEqual(
            $"The specified shape {text} is not compatible with the shape -1,3 loaded from the ONNX model file. " +
            "Only unknown dimension can replace or be replaced by another dimension.",
            error.ParamName);
        StringAssert.StartsWith(error.Message, "shapeDictionary (Parameter '");
    }

    private IDataView One(float value) => Ml.Data.LoadFromEnumerable<Single>([new() { X = value }]);

    private sealed class Single
    {
        [ColumnName("x")]
        public float X { get; set; }
    }
}
