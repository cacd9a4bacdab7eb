// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using Host.Behaviour.Tests.OnnxRuntime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace Host.Behaviour.Tests.Networks;

/// <summary>Which columns a network reads and adds.</summary>
[TestClass]
public sealed class ColumnTests : NetworkTests
{
    private const string AllScores = "1 3 | 3 3.5 | 5 4 | 7 4.5";

    [TestMethod]
    public void ApplyOnnxModel_without_names_adds_all_outputs()
    {
        IDataView rows = Rows();

        IDataView scored = Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows).Transform(rows);

        // A free batch is one row.
        Assert.AreEqual(
            "scores:Vector<Single, 1, 2> best:Vector<Single, 1, 1> place:Vector<Int64, 1, 1>", Columns(scored, 2));
        Assert.AreEqual(AllScores, Text(Floats(scored, "scores")));
        Assert.AreEqual("3 | 3.5 | 5 | 7", Text(Floats(scored, "best")));
        CollectionAssert.AreEqual(
            new long[] { 1, 1, 0, 0 }, scored.GetColumn<long[]>("place").Select(place => place[0]).ToArray());
    }

    [TestMethod]
    public void ApplyOnnxModel_with_names_adds_those_outputs_alone()
    {
        IDataView rows = Rows();

        IDataView one = Ml.Transforms.ApplyOnnxModel("best", "x", RankerStream()).Fit(rows).Transform(rows);
        IDataView two = Ml.Transforms.ApplyOnnxModel(["place", "scores"], ["x"], RankerStream())
            .Fit(rows).Transform(rows);

        Assert.AreEqual("best:Vector<Single, 1, 1>", Columns(one, 2));
        Assert.AreEqual("place:Vector<Int64, 1, 1> scores:Vector<Single, 1, 2>", Columns(two, 2));
        Assert.AreEqual(AllScores, Text(Floats(two, "scores")));
    }

    [TestMethod]
    public void ApplyOnnxModel_every_overload_gives_the_same()
    {
        IDataView rows = Rows();
        Dictionary<string, int[]> shapes = new() { ["x"] = [1, 3] };
        string file = Path.Combine(Harness.TempFolder.Path, "ranker.onnx");
        File.WriteAllBytes(file, Ranker());
        TransformsCatalog catalog = Ml.Transforms;
        OnnxScoringEstimator[] all =
        [
            catalog.ApplyOnnxModel(file),
            catalog.ApplyOnnxModel(RankerStream()),
            catalog.ApplyOnnxModel(file, shapes),
            catalog.ApplyOnnxModel(RankerStream(), shapes),
            catalog.ApplyOnnxModel("scores", "x", file),
            catalog.ApplyOnnxModel("scores", "x", RankerStream()),
            catalog.ApplyOnnxModel("scores", "x", file, shapes),
            catalog.ApplyOnnxModel("scores", "x", RankerStream(), shapes),
            catalog.ApplyOnnxModel(["scores"], ["x"], file),
            catalog.ApplyOnnxModel(["scores"], ["x"], RankerStream()),
            catalog.ApplyOnnxModel(["scores"], ["x"], file, shapes, null, false),
            catalog.ApplyOnnxModel(["scores"], ["x"], RankerStream(), shapes, null, false),
            catalog.ApplyOnnxModel(["scores"], ["x"], file, shapes, null, false, 50),
            catalog.ApplyOnnxModel(["scores"], ["x"], RankerStream(), shapes, null, false, 50),
            catalog.ApplyOnnxModel(new OnnxOptions
            {
                ModelFile = file,
                InputColumns = ["x"],
                OutputColumns = ["scores"],
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
            }),
        ];

        foreach (OnnxScoringEstimator estimator in all)
        {
            using OnnxTransformer transformer = estimator.Fit(rows);
            Assert.AreEqual(AllScores, Text(Floats(transformer.Transform(rows), "scores")));
        }
    }

    [TestMethod]
    public void ApplyOnnxModel_empty_arrays_of_names_mean_all()
    {
        IDataView rows = Rows();

        IDataView scored = Ml.Transforms.ApplyOnnxModel([], [], RankerStream()).Fit(rows).Transform(rows);

        Assert.AreEqual(
            "scores:Vector<Single, 1, 2> best:Vector<Single, 1, 1> place:Vector<Int64, 1, 1>", Columns(scored, 2));
    }

    [TestMethod]
    public void ApplyOnnxModel_reads_keys_as_the_numbers_they_are()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<Word>([new() { Text = "a" }, new() { Text = "b" }]);
        IEstimator<ITransformer> keys = Ml.Transforms.Conversion.MapValueToKey("x", "text");
        IDataView mapped = keys.Fit(rows).Transform(rows);

        IDataView same = Applied(Same(TensorElementType.UInt32, 1, 1), mapped);
        IDataView chained = keys.Append(Ml.Transforms.ApplyOnnxModel(Network(TensorElementType.UInt32, 1, 1)))
            .Fit(rows).Transform(rows);

        Assert.AreEqual("y:Vector<UInt32, 1, 1>", Columns(same, 2));
        foreach (IDataView view in new[] { same, chained })
            CollectionAssert.AreEqual(new uint[] { 1, 2 }, view.GetColumn<uint[]>("y").Select(y => y[0]).ToArray());
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Applied(Same(TensorElementType.Int64, 1, 1), mapped));
        Assert.AreEqual(
            "Schema mismatch for input column 'x': expected Int64, got Key<UInt32, 0-1> (Parameter 'inputSchema')",
            error.Message);
    }

    [TestMethod]
    public void GetOutputSchema_says_which_outputs_have_a_size()
    {
        byte[] network = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Output("place", TensorElementType.Int64, "batch")
            .Output("sum", TensorElementType.Float)
            .Output("places", TensorElementType.Int64, 2, "count")
            .Node("ArgMax", ["x"], ["place"], ("axis", 1), ("keepdims", 0))
            .Node("ReduceSum", ["x"], ["sum"], ("keepdims", 0))
            .Node("NonZero", ["x"], ["places"])
            .ToBytes();

        SchemaShape shape = Ml.Transforms.ApplyOnnxModel(new MemoryStream(network))
            .GetOutputSchema(ShapeOf(null, Rows().Schema));

        Assert.AreEqual(
            "place Vector Int64, sum VariableVector Single, places VariableVector Int64",
            string.Join(", ", shape.TakeLast(3).Select(column => $"{column.Name} {column.Kind} {column.ItemType}")));
    }

    [TestMethod]
    public void ApplyOnnxModel_asks_for_no_column_where_the_network_has_a_value()
    {
        byte[] network = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Input("c", TensorElementType.Float, 3)
            .Output("y", TensorElementType.Float, 1, 3)
            .Weights("c", [3], 0f, 1f, 2f)
            .Weights("k", [3], 10f, 10f, 10f)
            .Node("Sum", ["x", "c", "k"], ["y"])
            .ToBytes();

        IDataView sums = Applied(network, Vectors(3, [1, 2, 3]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel("y", "z", new MemoryStream(network)).Fit(Rows(1)));

        Assert.AreEqual("11 13 15", Text(Floats(sums, "y")));
        StringAssert.EndsWith(error.ParamName, "Available input names are [x]. Available initializers are [c]");
    }

    [TestMethod]
    public void ApplyOnnxModel_reads_several_inputs()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<PairRow>(
            [new() { Left = [1, 2], Right = [10, 20] }, new() { Left = [3, 4], Right = [30, 40] }]);

        IDataView added = Ml.Transforms.ApplyOnnxModel(new MemoryStream(Adder())).Fit(rows).Transform(rows);

        Assert.AreEqual("11 22 | 33 44", Text(Floats(added, "total")));
        Assert.AreEqual("9 18 | 27 36", Text(Floats(added, "rest")));
    }

    [TestMethod]
    public void ApplyOnnxModel_takes_single_values_for_tensors_of_one()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<One>([new() { X = 3 }, new() { X = -1 }]);

        IDataView same = Ml.Transforms.ApplyOnnxModel(Network(TensorElementType.Float, "batch", 1))
            .Fit(rows).Transform(rows);

        Assert.AreEqual("3 | -1", Text(Floats(same, "y")));
    }

    [TestMethod]
    public void ApplyOnnxModel_takes_sparse_vectors()
    {
        VBuffer<float> sparse = new(3, 1, [5f], [1]);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Sparse));
        definition["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        IDataView rows = Ml.Data.LoadFromEnumerable<Sparse>([new() { X = sparse }], definition);

        IDataView scored = Ml.Transforms.ApplyOnnxModel("scores", "x", RankerStream()).Fit(rows).Transform(rows);

        Assert.AreEqual("10 2.5", Text(Floats(scored, "scores")));
    }

    [TestMethod]
    public void ApplyOnnxModel_a_free_size_beside_the_batch_is_that_of_each_row()
    {
        IDataView same = Applied(Same(TensorElementType.Float, "batch", "length"), Vectors(0, [1, 2, 3], [4, 5]));

        Assert.AreEqual("y:Vector<Single>", Columns(same, 1));
        Assert.AreEqual("1 2 3 | 4 5", Text(Floats(same, "y")));
    }

    [TestMethod]
    public void ApplyOnnxModel_a_given_shape_goes_before_the_files()
    {
        IDataView rows = Rows(1);
        Dictionary<string, int[]> shapes = new() { ["x"] = [1, 3], ["y"] = [1, 3] };

        IDataView same = Ml.Transforms.ApplyOnnxModel(Network(TensorElementType.Float, "batch", "length"), shapes)
            .Fit(rows).Transform(rows);

        Assert.AreEqual("y:Vector<Single, 1, 3>", Columns(same, 2));
    }

    private static MemoryStream Network(TensorElementType type, params object[] dimensions) =>
        new(Same(type, dimensions));

    // The shape of a schema is the host's own to make.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern SchemaShape ShapeOf(SchemaShape type, DataViewSchema schema);

    private sealed class Word
    {
        [ColumnName("text")]
        public string Text { get; set; }
    }

    private sealed class One
    {
        [ColumnName("x")]
        public float X { get; set; }
    }

    private sealed class Sparse
    {
        [ColumnName("x")]
        public VBuffer<float> X { get; set; }
    }
}
