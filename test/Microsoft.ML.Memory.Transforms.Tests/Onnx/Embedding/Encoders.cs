// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>Fits encoders of tiny networks and reads what they give.</summary>
internal static class Encoders
{
    public static readonly MLContext MlContext = new(seed: 0);

    public static EmbedOnnxOptions Options(TinyNetwork network, string column = "Features") => new()
    {
        ModelBytes = network.ToBytes(),
        InputColumnName = column,
        OutputColumnName = "Code",
    };

    public static IDataView View(params IEnumerable<EmbedRow> rows) => MlContext.Data.LoadFromEnumerable(rows);

    public static EmbedOnnxTransformer Fit(EmbedOnnxOptions options) =>
        MlContext.Transforms.EmbedOnnx(options).Fit(View(new EmbedRow()));

    public static float[][] Encode(ITransformer encoder, params IEnumerable<EmbedRow> rows) =>
        [.. MlContext.Data.CreateEnumerable<Encoded>(encoder.Transform(View(rows)), reuseRowObject: false)
            .Select(row => row.Code)];

    /// <summary>Encodes rows with an encoder that lives no longer.</summary>
    public static float[][] Encode(EmbedOnnxOptions options, params IEnumerable<EmbedRow> rows)
    {
        using EmbedOnnxTransformer encoder = Fit(options);
        return Encode(encoder, rows);
    }

    public static EmbedRow[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new EmbedRow
        {
            Features = [random.NextSingle(), random.NextSingle() - 0.5f, 4 * random.NextSingle()],
        })];
    }

    public static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
    }

    public static void AssertRefused<TError>(string message, EmbedOnnxOptions options)
        where TError : Exception
    {
        Exception error = Assert.ThrowsExactly<TError>(() => Fit(options).Dispose());
        Assert.AreEqual(message, error.Message);
    }
}
