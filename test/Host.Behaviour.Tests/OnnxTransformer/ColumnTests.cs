// Licensed under the MIT License. See LICENSE in the project root for license information.

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
    public void ApplyOnnxModel_a_free_size_beside_the_batch_is_that_of_the_column()
    {
        IDataView rows = Rows(2);

        IDataView same = Ml.Transforms.ApplyOnnxModel(Network(TensorElementType.Float, "batch", "length"))
            .Fit(rows).Transform(rows);

        Assert.IsFalse(((VectorDataViewType)same.Schema["y"].Type).IsKnownSize);
        Assert.AreEqual("1 0 1 | 1 1 1", Text(Floats(same, "y")));
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
