// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EmbedSavingTests
{
    private string _folder = "";

    private string Good => Path.Combine(_folder, "good.zip");

    private string Other => Path.Combine(_folder, "other.zip");

    [TestInitialize]
    public void MakeFolder()
    {
        OnnxHere.Require();
        _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
    }

    [TestCleanup]
    public void DeleteFolder()
    {
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public void A_loaded_encoder_gives_the_same_bits_and_saves_the_same_bytes()
    {
        EmbedRow[] rows = Encoders.Draw(50, seed: 1);
        foreach (object batch in (object[])["n", 1, 4])
        {
            using EmbedOnnxTransformer encoder = Encoders.Fit(
                Encoders.Options(TinyNetwork.Linear(batch)) with { Normalize = true, BatchSize = 8 });

            using EmbedOnnxTransformer loaded = SaveAndLoad(encoder);

            Encoders.AssertSame(Encoders.Encode(encoder, rows), Encoders.Encode(loaded, rows));
            Assert.AreEqual(encoder.EncoderFingerprint, loaded.EncoderFingerprint);
            Assert.AreEqual(encoder.BatchSize, loaded.BatchSize);
            Encoders.MlContext.Model.Save(loaded, null, Other);
            CollectionAssert.AreEqual(ModelFiles.MemoryStreamOf(Good), ModelFiles.MemoryStreamOf(Other));
        }
    }

    [TestMethod]
    public void A_loaded_encoder_reads_images_and_tokens_as_before()
    {
        using EmbedOnnxTransformer images = Encoders.Fit(
            Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 3, 1, 2), "Pixels") with
            {
                Image = ImagePresets.Clip with
                {
                    Width = 2,
                    Height = 2,
                    ChannelOrder = ImageChannelOrder.Bgr,
                    Layout = ImageLayout.Interleaved,
                },
            });
        using EmbedOnnxTransformer tokens = Encoders.Fit(
            Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.Mean });
        var row = new EmbedRow { Pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], Ids = [3, 1] };

        using EmbedOnnxTransformer loadedImages = SaveAndLoad(images);
        using EmbedOnnxTransformer loadedTokens = SaveAndLoad(tokens);

        Encoders.AssertSame(Encoders.Encode(images, row), Encoders.Encode(loadedImages, row));
        Encoders.AssertSame(Encoders.Encode(tokens, row), Encoders.Encode(loadedTokens, row));
    }

    [TestMethod]
    public void A_process_of_its_own_loads_an_encoder_with_its_memory()
    {
        EmbedRow[] rows = Encoders.Draw(40, seed: 2);
        for (int i = 0; i < rows.Length; i++) rows[i].Label = rows[i].Features[2] > 2 ? "high" : "low";
        IDataView view = Encoders.View(rows);
        MLContext mlContext = Encoders.MlContext;
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.EmbedOnnx(Encoders.Options(TinyNetwork.Linear())))
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { FeatureColumnName = "Code", NeighborCount = 3 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view);
        DataViewSchema schema = mlContext.Data.LoadFromEnumerable<Point>([]).Schema;
        mlContext.Model.Save(model, schema, Good);
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(
            input,
            rows.Select(row => string.Join(
                ' ', row.Features.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));

        string[] lines = Programs.Run("FreshProcess.dll", Good, input);

        PointPrediction[] expected =
            [.. mlContext.Data.CreateEnumerable<PointPrediction>(model.Transform(view), reuseRowObject: false)];
        CollectionAssert.AreEqual(
            expected.Select(row =>
                $"{row.PredictedLabel} {string.Join(' ', row.Score.Select(BitConverter.SingleToUInt32Bits))}")
                .ToArray(),
            lines);
        Assert.IsGreaterThan(30, expected.Zip(rows).Count(pair => pair.First.PredictedLabel == pair.Second.Label));
    }

    [TestMethod]
    public void A_network_larger_than_the_limit_is_refused_until_it_is_raised()
    {
        Save();
        int length = ForgedSections.Content(ModelFiles.MemoryStreamOf(Good), "network").Length;
        AppContext.SetData(OnnxLimit.Setting, length - 1L);
        try
        {
            StringAssert.EndsWith(
                LoadError(Good).Message,
                $", must have at most {length - 1} bytes. Got {length}. If it is to be trusted, raise the AppContext "
                + "data 'Microsoft.ML.Memory.MaxOnnxBytes'.");
            AppContext.SetData(OnnxLimit.Setting, (long)length);
            ((IDisposable)Encoders.MlContext.Model.Load(Good, out _)).Dispose();
        }
        finally
        {
            AppContext.SetData(OnnxLimit.Setting, null);
        }
    }

    [TestMethod]
    public void A_trial_larger_than_the_limit_is_refused_until_it_is_raised()
    {
        Save();
        AppContext.SetData(TrialLimit.Setting, 35);
        try
        {
            Assert.AreEqual(
                "The inputs of the network must take at most 35 bytes in a trial run of 3 rows. Got 36. If it is to be "
                + "trusted, raise the AppContext data 'Microsoft.ML.Memory.MaxOnnxTrialBytes'.",
                LoadError(Good).Message);
            AppContext.SetData(TrialLimit.Setting, 36);
            ((IDisposable)Encoders.MlContext.Model.Load(Good, out _)).Dispose();
        }
        finally
        {
            AppContext.SetData(TrialLimit.Setting, null);
        }
    }

    [TestMethod]
    public void Loading_takes_little_more_than_one_buffer_of_the_networks_size()
    {
        const int Length = 1 << 24;
        TinyNetwork large = TinyNetwork.Linear().Weights("zero", [Length], new float[Length])
            .Numbers("all", [1], 0).Node("ReduceSum", ["zero", "all"], "sum").Node("Add", ["y", "sum"], "z");
        using var content = new MemoryStream();
        using (EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(large) with { OutputTensor = "z" }))
            EmbedOnnxFile.Write(content, encoder);
        content.Position = 0;
        var environment = (Microsoft.ML.Runtime.IHostEnvironment)Encoders.MlContext;
        long before = GC.GetAllocatedBytesForCurrentThread();

        EmbedOnnxFile.Read(content, environment).Dispose();

        Assert.IsLessThan(Length * 4 * 1.5, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Damaged_content_is_refused()
    {
        Save();

        AssertForged("network", _ => [1, 2, 3], "The ONNX model must be a whole ONNX file.");
        AssertForged("network", _ => TinyNetwork.Same(DataType.Float, "n", 3).ToBytes(), "of the memory file");
        AssertForged("network", External, "The ONNX model must hold all its data");
        AssertForged("fingerprint", bytes => [.. bytes[..^1], (byte)'x'], ", as of the network and its settings.");
        AssertForged("fingerprint", bytes => [.. bytes, .. bytes], "must have at most 64 bytes. Got 128.");
        AssertForged("embedOnnx", bytes => [.. bytes, 0], "There must be no more fields. Got 1.");
        AssertForged("embedOnnx", bytes => bytes[..^3], "must hold valid fields.");
        AssertForged("embedOnnx", _ => new byte[(1 << 20) + 1], "must have at most 1048576 bytes. Got 1048577.");
    }

    [TestMethod]
    public void Any_damaged_setting_is_refused_or_leaves_an_encoder()
    {
        Save();
        byte[] settings = ForgedSections.Content(ModelFiles.MemoryStreamOf(Good), "embedOnnx");
        for (int at = 0; at < settings.Length; at += 3)
        {
            ModelFiles.Rewrite(Good, Other, file => ForgedSections.Replace(file, "embedOnnx", bytes =>
            {
                bytes[at] ^= 0x81;
                return bytes;
            }));
            try
            {
                ((IDisposable)Encoders.MlContext.Model.Load(Other, out _)).Dispose();
            }
            catch (Exception error)
            {
                // The host wraps what a loader throws.
                Type type = error.GetBaseException().GetType();
                Assert.IsTrue(
                    type == typeof(InvalidDataException) || type == typeof(ArgumentException)
                        || type == typeof(InvalidOperationException)
                        || error.GetBaseException() is Microsoft.ML.OnnxRuntime.OnnxRuntimeException,
                    $"byte {at}: {error.GetBaseException()}");
            }

            File.Delete(Other);
        }
    }

    private static byte[] External(byte[] network)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(network);
        model.Graph.Initializer[0].DataLocation = DataLocation.External;
        model.Graph.Initializer[0].ExternalData.Add(
            new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        return model.ToByteArray();
    }

    private void AssertForged(string section, Func<byte[], byte[]> change, string message)
    {
        ModelFiles.Rewrite(Good, Other, file => ForgedSections.Replace(file, section, change));
        Exception error = LoadError(Other);
        Assert.IsInstanceOfType<InvalidDataException>(error, error.ToString());
        StringAssert.Contains(error.Message, message);
        File.Delete(Other);
    }

    /// <summary>The innermost error of ours: the host wraps what a loader throws, which may have a cause itself.
    /// </summary>
    private static Exception LoadError(string path)
    {
        Exception error = Assert.Throws<Exception>(() => Encoders.MlContext.Model.Load(path, out _));
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is InvalidDataException) return inner;
        }

        return error.GetBaseException();
    }

    private void Save()
    {
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear()));
        Encoders.MlContext.Model.Save(encoder, null, Good);
    }

    private EmbedOnnxTransformer SaveAndLoad(EmbedOnnxTransformer encoder)
    {
        Encoders.MlContext.Model.Save(encoder, null, Good);
        return (EmbedOnnxTransformer)Encoders.MlContext.Model.Load(Good, out _);
    }
}
