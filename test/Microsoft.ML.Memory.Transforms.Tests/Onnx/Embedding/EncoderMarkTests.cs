// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EncoderMarkTests
{
    private static readonly MLContext _mlContext = new(seed: 0);
    private readonly List<EmbedOnnxTransformer> _encoders = [];

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestCleanup]
    public void DisposeEncoders() => _encoders.ForEach(encoder => encoder.Dispose());

    [TestMethod]
    public void Fingerprint_tells_encoders_apart()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear());
        TinyNetwork other = TinyNetwork.Linear();
        other.Model.Graph.Initializer[0].RawData = Google.Protobuf.ByteString.CopyFrom(new byte[24]);
        string mark = MarkOf(options);

        Assert.HasCount(64, mark);
        Assert.AreEqual(mark, MarkOf(options with { BatchSize = 1, ThreadCount = 2, OutputColumnName = "Z" }));
        Assert.AreNotEqual(mark, MarkOf(options with { Normalize = true }));
        Assert.AreNotEqual(mark, MarkOf(Encoders.Options(other)));
    }

    [TestMethod]
    public void Fingerprint_tells_columns_from_inputs_that_are_filled()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Words()) with { Pooling = EmbedPooling.Mean };
        EmbedOnnxInput ids = new("input_ids", "Ids"), mask = new("attention_mask", "Mask");
        EmbedOnnxInput segments = new("token_type_ids", "Ids");

        string[] marks =
        [
            MarkOf(options with { Inputs = [ids] }), MarkOf(options with { Inputs = [ids, mask] }),
            MarkOf(options with { Inputs = [ids, segments] }), MarkOf(options with { Inputs = [ids, mask, segments] }),
        ];

        Assert.HasCount(4, marks.Distinct());
        Assert.AreEqual(marks[1], MarkOf(options with { Inputs = [ids, new("attention_mask", "Ids")] }));
    }

    [TestMethod]
    public void Fingerprint_tells_preparations_of_images_apart()
    {
        EmbedOnnxOptions options = Encoders.Options(
            TinyNetwork.Same(Memory.Onnx.TensorProto.Types.DataType.Float, "n", 3, 1, 1), "Pixels");
        ImageInputOptions[] ways =
        [
            ImagePresets.Raw, ImagePresets.Clip, ImagePresets.ImageNet, ImagePresets.Dinov2, ImagePresets.Vit,
            ImagePresets.Raw with { ChannelOrder = ImageChannelOrder.Bgr },
        ];

        string[] marks =
        [
            .. ways.Select(way => MarkOf(options with { Image = way with { Width = 2, Height = 2 } })),
        ];

        Assert.HasCount(ways.Length, marks.Distinct());
        Assert.AreEqual(marks[0], MarkOf(options with { InputColumnName = "File", Image = ImagePresets.Raw }));
    }

    [TestMethod]
    [DataRow("VisualMemory")]
    [DataRow("AdaNpc")]
    [DataRow("KeyValueBottleneck")]
    [DataRow("CompressedMemory")]
    [DataRow("NearestNeighbors")]
    [DataRow("NearestNeighborsRegression")]
    public void A_memory_keeps_its_encoder_also_when_it_is_loaded(string kind)
    {
        IDataView mine = Coded(Encoders.Options(TinyNetwork.Linear()));
        IDataView other = Coded(Encoders.Options(TinyNetwork.Linear()) with { Normalize = true });
        IDataView unknown = _mlContext.Transforms.Concatenate("Code", "Code", "Code").Fit(mine).Transform(mine);
        string mark = _encoders[0].EncoderFingerprint;

        ITransformer memory = Fit(kind, mine);
        ITransformer loaded = Reload(memory);

        foreach (ITransformer each in (ITransformer[])[memory, loaded])
        {
            Assert.AreEqual(mark, MarkOf(each));
            each.GetOutputSchema(mine.Schema);
            AssertRefused(() => each.GetOutputSchema(other.Schema));
            AssertRefused(() => each.Transform(other));
            AssertRefused(() => each.GetRowToRowMapper(other.Schema));
        }

        Assert.IsNull(EncoderMark.Of(unknown.Schema["Code"]));
        Assert.IsNull(MarkOf(Fit(kind, unknown)));
        Assert.IsNull(MarkOf(Reload(Fit(kind, unknown))));
    }

    [TestMethod]
    public void A_memory_takes_features_without_a_mark()
    {
        IDataView mine = Coded(Encoders.Options(TinyNetwork.Linear()));
        IDataView plain = _mlContext.Data.LoadFromEnumerable([new PlainRow()]);

        Fit("VisualMemory", mine).Transform(plain);
    }

    [TestMethod]
    public void Editing_keeps_the_encoder_and_refuses_another()
    {
        IDataView mine = Coded(Encoders.Options(TinyNetwork.Linear()));
        IDataView other = Coded(Encoders.Options(TinyNetwork.Linear()) with { Normalize = true });
        var visual = (VisualMemoryTransformer)Fit("VisualMemory", mine);
        var compressed = (CompressedMemoryTransformer)Fit("CompressedMemory", mine);
        var bottleneck = (KeyValueBottleneckTransformer)Fit("KeyValueBottleneck", mine);
        var neighbors = (NearestNeighborsTransformer)Fit("NearestNeighbors", mine);
        var regression = (NearestNeighborsRegressionTransformer)Fit("NearestNeighborsRegression", mine);
        var adaptive = (AdaNpcTransformer)Fit("AdaNpc", mine);
        string mark = _encoders[0].EncoderFingerprint;

        Assert.AreEqual(mark, visual.Add(mine).Remove(0).EncoderFingerprint);
        Assert.AreEqual(mark, compressed.Add(mine).Remove(0).EncoderFingerprint);
        Assert.AreEqual(mark, bottleneck.ContinueFit(mine).EncoderFingerprint);
        Assert.AreEqual(mark, neighbors.Add(mine).Remove(0).EncoderFingerprint);
        Assert.AreEqual(mark, regression.Add(Numbered(mine)).Remove(0).EncoderFingerprint);
        Assert.AreEqual(mark, adaptive.CreateAdaptiveSession().ToTransformer().EncoderFingerprint);
        AssertRefused(() => visual.Add(other));
        AssertRefused(() => visual.Explain(other));
        AssertRefused(() => compressed.Add(other));
        AssertRefused(() => bottleneck.ContinueFit(other));
        AssertRefused(() => neighbors.Add(other));
        AssertRefused(() => regression.Add(Numbered(other)));
        AssertRefused(() => adaptive.CreateAdaptiveSession().Learn(other));
    }

    [TestMethod]
    public void Options_of_a_memory_serve_another_encoder()
    {
        IDataView mine = Coded(Encoders.Options(TinyNetwork.Linear()));
        IDataView other = Coded(Encoders.Options(TinyNetwork.Linear()) with { Normalize = true });
        var memory = (VisualMemoryTransformer)Fit("VisualMemory", mine);

        VisualMemoryTransformer again = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(memory.Options).Fit(other);

        Assert.AreEqual(_encoders[1].EncoderFingerprint, again.EncoderFingerprint);
    }

    private static string? MarkOf(ITransformer memory) => memory switch
    {
        VisualMemoryTransformer visual => visual.EncoderFingerprint,
        AdaNpcTransformer adaptive => adaptive.EncoderFingerprint,
        KeyValueBottleneckTransformer bottleneck => bottleneck.EncoderFingerprint,
        CompressedMemoryTransformer compressed => compressed.EncoderFingerprint,
        NearestNeighborsRegressionTransformer regression => regression.EncoderFingerprint,
        _ => ((NearestNeighborsTransformer)memory).EncoderFingerprint,
    };

    private static ITransformer Fit(string kind, IDataView view)
    {
        MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers =
            _mlContext.MulticlassClassification.Trainers;
        return kind switch
        {
            "VisualMemory" => trainers.VisualMemory(new VisualMemoryOptions { FeatureColumnName = "Code" }).Fit(view),
            "AdaNpc" => trainers.AdaNpc(new AdaNpcOptions { FeatureColumnName = "Code" }).Fit(view),
            "KeyValueBottleneck" => trainers.KeyValueBottleneck(new KeyValueBottleneckOptions
            {
                FeatureColumnName = "Code",
                HeadCount = 1,
                PairCount = 8,
                FetchCount = 2,
                ValueStart = ValueStart.ClassLogOdds,
            }).Fit(view),
            "CompressedMemory" => trainers.CompressedMemory(
                new CompressedMemoryOptions { FeatureColumnName = "Code", CodeCount = 4 }).Fit(view),
            "NearestNeighborsRegression" => _mlContext.Regression.Trainers.NearestNeighbors("Target", "Code")
                .Fit(Numbered(view)),
            _ => _mlContext.Transforms.NearestNeighbors("Code").Fit(view),
        };
    }

    private static IDataView Numbered(IDataView view) => _mlContext.Transforms.Conversion
        .ConvertType("Target", "Count", Data.DataKind.Single).Fit(view).Transform(view);

    private static ITransformer Reload(ITransformer memory)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(memory, null, stream);
        stream.Position = 0;
        return _mlContext.Model.Load(stream, out _);
    }

    private string MarkOf(EmbedOnnxOptions options)
    {
        using EmbedOnnxTransformer encoder = Encoders.Fit(options);
        return encoder.EncoderFingerprint;
    }

    private IDataView Coded(EmbedOnnxOptions options)
    {
        EmbedRow[] rows = Encoders.Draw(30, seed: 1);
        for (int i = 0; i < rows.Length; i++) rows[i].Label = i % 2 == 0 ? "even" : "odd";
        IDataView view = Encoders.View(rows);
        view = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        EmbedOnnxTransformer encoder = _mlContext.Transforms.EmbedOnnx(options).Fit(view);
        _encoders.Add(encoder);
        return encoder.Transform(view);
    }

    private void AssertRefused(Action action)
    {
        Exception error = Assert.ThrowsExactly<ArgumentException>(action);
        Assert.AreEqual(
            "Column 'Code' must come from the encoder that the memory was trained behind, of fingerprint "
            + $"{_encoders[0].EncoderFingerprint[..12]}.... Got features of encoder "
            + $"{_encoders[1].EncoderFingerprint[..12]}.... Use that encoder, or train the memory behind this one.",
            error.Message);
    }

    private sealed class PlainRow
    {
        [Data.VectorType(2)]
        public float[] Code { get; set; } = [1, 2];
    }
}
