// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EmbedOnnxTests
{
    private const float Close = 1e-5f; // sums of three products of single precision

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void Transform_gives_what_the_network_computes()
    {
        float[][] codes = Encoders.Encode(
            Encoders.Options(TinyNetwork.Linear()),
            new EmbedRow { Features = [1, 0, 0] }, new EmbedRow { Features = [1, 2, -1] });

        Encoders.AssertSame([[1, 2], [2, 4]], codes);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(7, 3)]
    [DataRow(32, 1)]
    [DataRow(100, 2)]
    public void Transform_any_batch_and_thread_count_equals_single_rows(int batchSize, int threadCount)
    {
        EmbedRow[] rows = Encoders.Draw(77, seed: 1);
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear()) with
        {
            BatchSize = batchSize,
            ThreadCount = threadCount,
        };
        using EmbedOnnxTransformer encoder = Encoders.Fit(options);
        var engine = Encoders.MlContext.Model.CreatePredictionEngine<EmbedRow, Encoded>(encoder);

        float[][] codes = Encoders.Encode(encoder, rows);

        AssertClose([.. rows.Select(row => engine.Predict(row).Code)], codes);
        Assert.AreEqual(batchSize, encoder.BatchSize);
    }

    [TestMethod]
    public void Transform_thread_counts_give_the_same_bits()
    {
        EmbedRow[] rows = Encoders.Draw(200, seed: 2);
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear());

        float[][] one = Encoders.Encode(options with { ThreadCount = 1 }, rows);
        float[][] four = Encoders.Encode(options with { ThreadCount = 4 }, rows);

        Encoders.AssertSame(one, four);
    }

    [TestMethod]
    public void Transform_batches_equal_single_rows_for_any_network()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(15).WithReplay(20_261_121, 7);
        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int width = random.Next(1, 6);
            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            TinyNetwork network = new TinyNetwork()
                .Input("x", DataType.Float, random.Next(2) == 0 ? 1 : "n", 3)
                .Weights("w", [3, width], Draw(3 * width))
                .Weights("v", [width, 2], Draw(2 * width))
                .Node("MatMul", ["x", "w"], "hidden")
                .Node(random.Next(2) == 0 ? "Relu" : "Tanh", ["hidden"], "kept")
                .Node("MatMul", ["kept", "v"], "y")
                .Output("y", DataType.Float, "", 2);
            EmbedRow[] rows = Encoders.Draw(random.Next(1, 40), seed);
            using EmbedOnnxTransformer encoder = Encoders.Fit(
                Encoders.Options(network) with { BatchSize = random.Next(1, 20) });

            float[][] codes = Encoders.Encode(encoder, rows);

            AssertClose([.. rows.Select(row => Encoders.Encode(encoder, row)[0])], codes);
        }));
    }

    [TestMethod]
    public void Fit_a_network_for_one_row_is_freed_where_rows_keep_apart()
    {
        EmbedRow[] rows = Encoders.Draw(40, seed: 3);
        TinyNetwork network = TinyNetwork.Linear(batch: 1);
        float[][] expected = Encoders.Encode(Encoders.Options(TinyNetwork.Linear()), rows);
        using EmbedOnnxTransformer freed = Encoders.Fit(Encoders.Options(network));
        using EmbedOnnxTransformer kept = Encoders.Fit(Encoders.Options(network) with { FreeBatchDimension = false });

        Assert.AreEqual(32, freed.BatchSize);
        Assert.AreEqual(1, kept.BatchSize);
        AssertClose(expected, Encoders.Encode(freed, rows));
        AssertClose(expected, Encoders.Encode(kept, rows));
        Assert.AreEqual(kept.EncoderFingerprint, freed.EncoderFingerprint);
    }

    [TestMethod]
    public void Fit_a_network_whose_rows_mix_is_not_freed()
    {
        TinyNetwork network = TinyNetwork.Linear(batch: 1)
            .Numbers("rows", [1], 0)
            .Node("ReduceSum", ["y", "rows"], "total", ("keepdims", 1))
            .Node("Add", ["y", "total"], "mixed");
        using EmbedOnnxTransformer encoder = Encoders.Fit(
            Encoders.Options(network) with { OutputTensor = "mixed" });

        Assert.AreEqual(1, encoder.BatchSize);
        Encoders.AssertSame(
            [[2, 4], [6, 8]],
            Encoders.Encode(encoder, new EmbedRow { Features = [1, 0, 0] }, new EmbedRow { Features = [0, 1, 0] }));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(9)]
    public void Transform_a_network_for_four_rows_fills_up_the_last_run(int count)
    {
        EmbedRow[] rows = Encoders.Draw(count, seed: 4);
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear(batch: 4)));

        Assert.AreEqual(4, encoder.BatchSize);
        AssertClose(
            Encoders.Encode(Encoders.Options(TinyNetwork.Linear()), rows), Encoders.Encode(encoder, rows));
    }

    [TestMethod]
    public void Transform_a_network_without_a_batch_runs_row_by_row()
    {
        TinyNetwork network = new TinyNetwork().Input("x", DataType.Float, 3).Weights("w", [3, 2], 1, 2, 3, 4, 5, 6)
            .Node("MatMul", ["x", "w"], "y").Output("y", DataType.Float, 2);

        float[][] codes = Encoders.Encode(
            Encoders.Options(network), new EmbedRow { Features = [1, 0, 0] }, new EmbedRow { Features = [0, 1, 0] });

        Encoders.AssertSame([[1, 2], [3, 4]], codes);
    }

    [TestMethod]
    public void Transform_an_inner_tensor_needs_no_more_of_the_network()
    {
        TinyNetwork network = TinyNetwork.Linear().Node("NoSuchOperator", ["y"], "z");
        network.Output("z", DataType.Float, "batch", 2);

        float[][] codes = Encoders.Encode(
            Encoders.Options(network) with { OutputTensor = "y" }, new EmbedRow { Features = [1, 0, 0] });

        Encoders.AssertSame([[1, 2]], codes);
    }

    [TestMethod]
    [DataRow(nameof(DataType.Float))]
    [DataRow(nameof(DataType.Float16))]
    [DataRow(nameof(DataType.Double))]
    [DataRow(nameof(DataType.Int32))]
    [DataRow(nameof(DataType.Int64))]
    [DataRow(nameof(DataType.Uint8))]
    public void Transform_numbers_are_converted_to_the_type_of_the_input(string type)
    {
        TinyNetwork network = TinyNetwork.Same(Enum.Parse<DataType>(type), "n", 3);
        var row = new EmbedRow { Features = [1, 2, 250], Doubles = [1, 2, 250], Integers = [1, 2, 250] };

        foreach (string column in (string[])["Features", "Doubles", "Integers"])
            Encoders.AssertSame([[1, 2, 250]], Encoders.Encode(Encoders.Options(network, column), row));
    }

    [TestMethod]
    [DataRow(nameof(DataType.Float16))]
    [DataRow(nameof(DataType.Double))]
    public void Transform_features_of_other_types_become_singles(string name)
    {
        DataType type = Enum.Parse<DataType>(name);
        TinyNetwork network = new TinyNetwork().Input("x", DataType.Float, "n", 3)
            .Node("Cast", ["x"], "y", ("to", (long)type)).Output("y", type, "n", 3);

        Encoders.AssertSame(
            [[1.5f, -2, 3]],
            Encoders.Encode(Encoders.Options(network), new EmbedRow { Features = [1.5f, -2, 3] }));
    }

    [TestMethod]
    public void Transform_numbers_that_do_not_fit_are_refused_with_their_row()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Uint8, "n", 3));
        EmbedRow[] rows = [new EmbedRow(), new EmbedRow { Features = [1, 256, 2] }];

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => Encoders.Encode(options, rows));

        Assert.AreEqual(
            "Column 'Features' must hold whole numbers from 0 to 255 for input 'image' of the network, of type UInt8. "
            + "Got 256 in row 1.",
            error.Message);
    }

    [TestMethod]
    public void Transform_normalized_features_have_length_one()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 3)) with { Normalize = true };

        float[][] codes = Encoders.Encode(options, new EmbedRow { Features = [3, 0, 4] }, new EmbedRow());

        AssertClose([[0.6f, 0, 0.8f], [0, 0, 0]], codes);
    }

    [TestMethod]
    public void Schema_is_the_one_that_the_estimator_promises()
    {
        IDataView view = Encoders.View(new EmbedRow());
        EmbedOnnxEstimator estimator = Encoders.MlContext.Transforms.EmbedOnnx(Encoders.Options(TinyNetwork.Linear()));
        using EmbedOnnxTransformer encoder = estimator.Fit(view);

        Schemas.AssertKept(
            estimator.GetOutputSchema(Schemas.ShapeOf(view)), encoder.GetOutputSchema(view.Schema));
        Assert.AreEqual(
            new VectorDataViewType(NumberDataViewType.Single, 2), encoder.GetOutputSchema(view.Schema)["Code"].Type);
    }

    [TestMethod]
    public void Transform_after_the_encoder_is_disposed_is_refused()
    {
        EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear()));
        encoder.Dispose();
        encoder.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => Encoders.Encode(encoder, new EmbedRow()));
    }

    [TestMethod]
    public void Cursors_side_by_side_give_the_same()
    {
        EmbedRow[] rows = Encoders.Draw(300, seed: 5);
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear()));
        float[][] expected = Encoders.Encode(encoder, rows);

        float[][][] all = [.. Enumerable.Range(0, 4).AsParallel().Select(_ => Encoders.Encode(encoder, rows))];

        foreach (float[][] codes in all) Encoders.AssertSame(expected, codes);
    }

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.HasCount(expected[row].Length, actual[row]);
            for (int i = 0; i < expected[row].Length; i++)
                Assert.AreEqual(expected[row][i], actual[row][i], Close, $"row {row}, value {i}");
        }
    }
}
