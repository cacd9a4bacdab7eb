// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>An encoder and its memory as one file.</summary>
[TestClass]
public sealed class MergedEncoderTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Mnist_and_its_memory_are_one_graph()
    {
        AssertMerged(Mnist(), [1, 28, 28], 1e-5f);
    }

    [TestMethod]
    public void SqueezeNet_in_half_precision_its_pixels_and_its_memory_are_one_graph()
    {
        AssertMerged(
            new EmbedOnnxOptions
            {
                ModelBytes = File.ReadAllBytes(RealData.Path("onnx", "SqueezeNet_fp16.onnx")),
                InputColumnName = "Pixels",
                OutputTensor = "fire9/concat_2",
                Pooling = EmbedPooling.Mean,
                Normalize = true,
                Image = ImagePresets.Raw with
                {
                    ChannelOrder = ImageChannelOrder.Bgr,
                    Layout = ImageLayout.Interleaved,
                },
            },
            [224, 224, 3],
            1e-2f);
    }

    [TestMethod]
    public void Mnist_and_a_regression_on_it_are_one_graph()
    {
        const int Length = 784;
        IDataView rows = View(Length, 12);
        ITransformer model = _mlContext.Transforms.EmbedOnnx(Mnist())
            .Append(_mlContext.Regression.Trainers.NearestNeighbors(
                new NearestNeighborsRegressionOptions { LabelColumnName = "Price", NeighborCount = 3 }))
            .Fit(rows);

        byte[] bytes = GraphRun.Export(model);
        ModelProto merged = GraphRules.Check(bytes);
        using var graph = new GraphRun(bytes);
        float[] pixels = [.. Pixels(Length, 12).SelectMany(row => row.Pixels)];
        var scores = (float[])graph.Run(pixels, Length, 5, 1, 28, 28)["Score"];

        float[] own = [.. model.Transform(rows).GetColumn<float>("Score")];
        GraphAssert.Near(own, scores, "scores");
        Assert.AreEqual(
            64, merged.MetadataProps.Single(entry => entry.Key == "encoder fingerprint").Value.Length);
    }

    private static EmbedOnnxOptions Mnist() => new()
    {
        ModelBytes = File.ReadAllBytes(RealData.Path("onnx", "mnist.onnx")),
        InputColumnName = "Pixels",
        OutputTensor = "Pooling160_Output_0_reshape0",
    };

    private void AssertMerged(EmbedOnnxOptions options, long[] shape, float bound)
    {
        int length = (int)shape.Aggregate(1L, (product, size) => product * size);
        IDataView rows = View(length, 12);
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.EmbedOnnx(options))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 3))
            .Fit(rows);

        byte[] bytes = GraphRun.Export(
            model, new OnnxExportOptions { Labels = OnnxLabels.Keys, InputSchema = rows.Schema });
        ModelProto merged = GraphRules.Check(bytes);
        using var graph = new GraphRun(bytes);
        float[] pixels = [.. Pixels(length, 12).SelectMany(row => row.Pixels)];
        Dictionary<string, Array> values = graph.Run(pixels, length, 5, shape);

        OwnRun own = OwnRun.Of(model, rows);
        CollectionAssert.AreEqual(own.Keys, (uint[])values["PredictedLabel"]);
        for (int index = 0; index < own.Scores.Count; index++)
            Assert.AreEqual(own.Scores[index], ((float[])values["Score"])[index], bound, $"score {index}");
        Assert.AreEqual(
            64, merged.MetadataProps.Single(entry => entry.Key == "encoder fingerprint").Value.Length);
    }

    private IDataView View(int length, int count)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        return _mlContext.Data.LoadFromEnumerable(Pixels(length, count), schema);
    }

    private static PixelRow[] Pixels(int length, int count)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, count).Select(row => new PixelRow
            {
                Label = $"class {row % 3}",
                Price = row * row,
                Pixels = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(256))],
            }),
        ];
    }

    private sealed class PixelRow
    {
        public string Label { get; set; } = "";

        public float Price { get; set; }

        public float[] Pixels { get; set; } = [];
    }
}
