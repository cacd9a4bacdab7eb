// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EmbedTokensTests
{
    private static readonly EmbedRow[] _rows =
    [
        new() { Ids = [1, 3], Mask = [1, 1] },
        new() { Ids = [2], Mask = [1] },
        new() { Ids = [3, 1, 2], Mask = [1, 0, 1] },
        new() { Ids = [2, 0], Mask = [1, 0] },
        new() { Ids = [3], Mask = [1] },
    ];

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(32)]
    public void Mean_without_a_mask_counts_all_tokens(int batchSize)
    {
        float[][] codes = Encoders.Encode(
            Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.Mean, BatchSize = batchSize },
            _rows);

        Encoders.AssertSame([[2, 20], [2, 20], [2, 20], [1, 10], [3, 30]], codes);
    }

    [TestMethod]
    public void Mean_with_a_mask_counts_what_it_says()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Words()) with
        {
            Pooling = EmbedPooling.Mean,
            Inputs = [new("input_ids", "Ids"), new("attention_mask", "Mask")],
        };

        Encoders.AssertSame([[2, 20], [2, 20], [2.5f, 25], [2, 20], [3, 30]], Encoders.Encode(options, _rows));
    }

    [TestMethod]
    public void First_takes_the_first_token()
    {
        float[][] codes = Encoders.Encode(
            Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.First }, _rows);

        Encoders.AssertSame([[1, 10], [2, 20], [3, 30], [2, 20], [3, 30]], codes);
    }

    [TestMethod]
    public void None_is_refused_for_rows_of_any_length() => Encoders.AssertRefused<ArgumentException>(
        "EmbedOnnxOptions.Pooling must be First or Mean for rows of any length. Got None for tensor 'y' of "
        + "[tokens, 2] a row.",
        Encoders.Options(TinyNetwork.Words(), "Ids"));

    [TestMethod]
    public void Tokens_of_another_number_than_the_mask_are_refused()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Words()) with
        {
            Pooling = EmbedPooling.Mean,
            Inputs = [new("input_ids", "Ids"), new("attention_mask", "Mask")],
        };

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(options, new EmbedRow { Ids = [1, 2], Mask = [1] }));

        Assert.AreEqual(
            "The columns of a row must hold the same number of tokens for all inputs of the network. Got 2 and 1.",
            error.Message);
    }

    [TestMethod]
    public void A_row_without_tokens_is_refused()
    {
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => Encoders.Encode(
            Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.Mean },
            _rows[0], new EmbedRow()));

        Assert.AreEqual("Column 'Ids' must hold at least one token in every row. Got none in row 1.", error.Message);
    }

    [TestMethod]
    public void Tokens_beyond_the_table_are_refused_by_the_network()
    {
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => Encoders.Encode(
            Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.Mean },
            new EmbedRow { Ids = [9] }));

        StringAssert.StartsWith(error.Message, "The network must run on every row. Got: ");
    }
}
