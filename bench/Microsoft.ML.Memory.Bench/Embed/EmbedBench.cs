// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What EmbedOnnx costs beside ONNX Runtime alone and beside the host's way, and what its features are worth.
/// </summary>
internal static class EmbedBench
{
    private const int BatchSize = 32;

    /// <summary>A pass takes about 20 ms: so many that code which is not compiled in full yet does not count.
    /// </summary>
    private const int Repeats = 101;

    /// <summary>A bare run must take at least this share of ours: 1 / 1.05.</summary>
    private const double OverheadFloor = 1 / 1.05;

    private const double BatchFloor = 1.5;

    public static void Run(BenchReport report)
    {
        if (DataFiles.Find(Path.Combine("onnx", "mnist.onnx")) is not { } digits
            || DataFiles.Find(Path.Combine("onnx", "SqueezeNet_fp16.onnx")) is not { } images)
        {
            report.Note("The networks of the data folder are not on this machine; nothing was measured.");
            return;
        }

        var mlContext = new MLContext(seed: 0);
        Singles(report, mlContext, SingleNetwork.Digits(digits));
        Singles(report, mlContext, SingleNetwork.Dense());
        Images(report, mlContext, images);
        Features(report, mlContext, images);
    }

    /// <summary>
    /// Networks in single precision: the digits network, so small that all that is not the network shows, and a dense
    /// one, whose weights are read once a run.
    /// </summary>
    private static void Singles(BenchReport report, MLContext mlContext, SingleNetwork network)
    {
        int count = network.RowCount;
        string name = $"{network.Name}, {count:N0} rows";
        IDataView rows = Vectors(mlContext, count, network.InputLength, network.Input, network.Scale);
        using EmbedOnnxTransformer encoder = mlContext.Transforms.EmbedOnnx(new EmbedOnnxOptions
        {
            ModelBytes = network.Bytes,
            InputColumnName = network.Input,
            OutputColumnName = "Code",
            BatchSize = BatchSize,
        }).Fit(rows);
        using var stream = new MemoryStream(network.Bytes);
        ITransformer host = mlContext.Transforms.ApplyOnnxModel(network.Output, network.Input, stream).Fit(rows);
        using BareRuns bare = BareRuns.Of<float>(encoder, rows);

        // Threads of another session spin on for a while: only those that share one are timed by turns.
        Timing[] times = Timing.Alternate(Repeats, bare.Run, () => ReadAll(encoder.Transform(rows), "Code"));
        AddOverhead(report, name, times, count);
        Timing single = Timing.Alternate(Repeats, () => ReadAll(host.Transform(rows), network.Output))[0];
        report.Add(new Figure(name, "ApplyOnnxModel, row by row", single.Rate(count), "rows/s")
        {
            Spread = single.Spread(count),
        });
        report.Add(new Figure(name, "EmbedOnnx to ApplyOnnxModel", times[1].Rate(count), "rows/s")
        {
            Spread = times[1].Spread(count),
            Peer = "ApplyOnnxModel",
            Ratio = single.Median / times[1].Median,
            Floor = BatchFloor,
        });
        (host as IDisposable)?.Dispose();
    }

    /// <summary>A network of a common size, 3 x 224 x 224 in half precision.</summary>
    private static void Images(BenchReport report, MLContext mlContext, string path)
    {
        const int count = 64;
        IDataView rows = Vectors(mlContext, count, 3 * 224 * 224, "data_0", 255);
        var options = new EmbedOnnxOptions
        {
            ModelFile = path,
            InputColumnName = "data_0",
            OutputColumnName = "Code",
            BatchSize = BatchSize,
        };
        using EmbedOnnxTransformer encoder = mlContext.Transforms.EmbedOnnx(options).Fit(rows);
        using EmbedOnnxTransformer single = mlContext.Transforms.EmbedOnnx(options with { BatchSize = 1 }).Fit(rows);
        using BareRuns bare = BareRuns.Of<Float16>(encoder, rows);

        AddOverhead(report, "SqueezeNet fp16, 64 rows", Timing.Alternate(
            15, bare.Run, () => ReadAll(encoder.Transform(rows), "Code")), count);
        Timing[] times = Timing.Alternate(
            3, () => ReadAll(encoder.Transform(rows), "Code"), () => ReadAll(single.Transform(rows), "Code"));
        report.Add(new Figure("SqueezeNet fp16, 64 rows", "EmbedOnnx, row by row", times[1].Rate(count), "rows/s")
        {
            Spread = times[1].Spread(count),
            Peer = "EmbedOnnx, batch 32",
            Ratio = times[0].Median / times[1].Median,
        });
    }

    private static void AddOverhead(BenchReport report, string name, Timing[] times, int count)
    {
        report.Add(new Figure(name, "bare session, batch 32", times[0].Rate(count), "rows/s")
        {
            Spread = times[0].Spread(count),
        });
        report.Add(new Figure(name, "EmbedOnnx, batch 32", times[1].Rate(count), "rows/s")
        {
            Spread = times[1].Spread(count),
            Peer = "bare session run at the same batch",
            Ratio = times[0].Median / times[1].Median,
            Floor = OverheadFloor,
        });
    }

    /// <summary>A memory on the features of an encoder of other images, and on pixels.</summary>
    private static void Features(BenchReport report, MLContext mlContext, string path)
    {
        if (DataFiles.Find("cifar10") is not { } folder)
        {
            report.Note("CIFAR-10 is not on this machine; features were not compared with pixels.");
            return;
        }

        CifarRow[] train = CifarRow.Read(Path.Combine(folder, "cifar10_train_2000.bin.gz"));
        CifarRow[] test = CifarRow.Read(Path.Combine(folder, "cifar10_test_1000.bin.gz"));
        using EmbedOnnxTransformer encoder = mlContext.Transforms.EmbedOnnx(new EmbedOnnxOptions
        {
            ModelFile = path,
            InputColumnName = "Pixels",
            OutputColumnName = "Code",
            OutputTensor = "fire9/concat_2",
            Pooling = EmbedPooling.Mean,
            Image = ImagePresets.Raw with { Width = 32, Height = 32, ChannelOrder = ImageChannelOrder.Bgr },
        }).Fit(mlContext.Data.LoadFromEnumerable(train));
        string name = $"CIFAR-10, {train.Length:N0} stored, {test.Length:N0} asked";
        double pixels = CifarRow.Accuracy(mlContext, "Numbers", train, test, null);
        double features = CifarRow.Accuracy(mlContext, "Code", train, test, encoder);
        report.Add(new Figure(name, "accuracy on pixels", pixels, "share"));
        report.Add(new Figure(name, "accuracy on features of SqueezeNet", features, "share")
        {
            Peer = "pixels",
            Ratio = features / pixels,
        });
    }

    private static IDataView Vectors(MLContext mlContext, int count, int length, string column, float scale)
    {
        var random = new Random(1);
        VectorRow[] rows = [.. Enumerable.Range(0, count).Select(_ => new VectorRow
        {
            Values = [.. Enumerable.Range(0, length).Select(_ => scale * random.NextSingle())],
        })];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow));
        SchemaDefinition.Column values = schema[nameof(VectorRow.Values)];
        values.ColumnName = column;
        values.ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private static void ReadAll(IDataView view, string name)
    {
        DataViewSchema.Column column = view.Schema[name];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> values = default;
        while (cursor.MoveNext()) read(ref values);
    }

    private sealed class VectorRow
    {
        public float[] Values { get; set; } = [];
    }
}
