// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>10,000 handwritten digits, searched by the graph and by the memory.</summary>
[TestClass]
public sealed class RealExportTests
{
    private const int Side = 28;
    private const int HalfSide = Side / 2;
    private const int Dimension = HalfSide * HalfSide;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(Metric.Cosine, 10_000)]
    [DataRow(Metric.SquaredEuclidean, 1_000)]
    public void Ten_thousand_digits_find_the_same_entries_and_labels(Metric metric, int count)
    {
        VectorRow<long>[] train = [.. Digits("train").Take(500)];
        VectorRow<long>[] test = [.. Digits("t10k").Take(count)];
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 5,
                Metric = metric,
                NeighborColumns = NeighborColumns.Ids | NeighborColumns.Distances,
            })
            .Fit(VectorRows.Keyed(_mlContext, train));

        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, test));
        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });
        Dictionary<string, Array> values = graph.Run(VectorRows.Flat(test), Dimension, 250);

        Assert.HasCount(count, own.Keys);
        GraphAssert.Same(own, values, $"{metric}");
    }

    private static IEnumerable<VectorRow<long>> Digits(string part)
    {
        byte[] images = Inflate(RealData.Path("mnist", part + "-images-idx3-ubyte.gz"));
        byte[] labels = Inflate(RealData.Path("mnist", part + "-labels-idx1-ubyte.gz"));
        int count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        for (int index = 0; index < count; index++)
        {
            yield return new VectorRow<long>
            {
                Label = labels[8 + index],
                Id = index,
                Features = Halved(images.AsSpan(16 + (index * Side * Side), Side * Side)),
            };
        }
    }

    /// <summary>Adds up squares of four pixels: whole numbers still, in a quarter of the time.</summary>
    private static float[] Halved(ReadOnlySpan<byte> image)
    {
        float[] halved = new float[Dimension];
        for (int pixel = 0; pixel < image.Length; pixel++)
            halved[(pixel / Side / 2 * HalfSide) + (pixel % Side / 2)] += image[pixel];
        return halved;
    }

    private static byte[] Inflate(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
