// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

[TestClass]
public sealed class HeadInputsTests
{
    private static readonly GoldenProjection _golden = GoldenFiles.Json<GoldenProjection>("dkvb/projection.json");

    [TestMethod]
    public void T3_6_projected_inputs_equal_reference_and_columns_have_length_one()
    {
        int d = _golden.Raw[0].Length;
        int k = _golden.Raw[0][0].Length;
        HeadInputs inputs = HeadInputs.Project(GoldenBottleneck.Columns(_golden.Raw), d, _golden.Raw.Length, k);
        float[] rows = GoldenBottleneck.Floats(_golden.Z);

        Approx.AssertEqual(
            GoldenBottleneck.Widen(GoldenBottleneck.Columns(_golden.Normalised)),
            GoldenBottleneck.Widen(inputs.Columns!),
            Approx.Float,
            "columns");
        for (int head = 0; head < inputs.HeadCount; head++)
        {
            float[] computed = new float[_golden.Z.Length * k];
            inputs.Compute(head, rows, computed);
            Approx.AssertEqual(
                [.. _golden.Heads.SelectMany(row => row[head])],
                GoldenBottleneck.Widen(computed),
                Approx.Float,
                $"head {head}");
        }
    }

    [TestMethod]
    public void T3_6_chunks_are_the_pieces_of_a_row()
    {
        GoldenChunk golden = _golden.Chunk;
        var settings = new BottleneckSettings { HeadCount = golden.Heads, Split = HeadSplit.Chunk };
        HeadInputs inputs = HeadInputs.Create(settings, golden.Z[0].Length);

        Assert.AreEqual(golden.KeyDim, inputs.KeyDimension);
        for (int row = 0; row < golden.Z.Length; row++)
        {
            for (int head = 0; head < golden.Heads; head++)
            {
                float[] computed = new float[golden.KeyDim];
                inputs.Compute(head, GoldenBottleneck.Floats([golden.Z[row]]), computed);
                CollectionAssert.AreEqual(GoldenBottleneck.Floats([golden.Result[row][head]]), computed);
            }
        }
    }

    [TestMethod]
    public void Chunks_that_do_not_divide_the_features_are_refused()
        => Refusal.Assert<ArgumentException>(
            "BottleneckSettings.HeadCount must divide the number of features, 10, where rows are split into chunks. "
            + "Got 4.",
            () => KeyValueBottleneck.LearnKeys(
                new float[10], 10, new BottleneckSettings { HeadCount = 4, Split = HeadSplit.Chunk }));

    private sealed record GoldenProjection(
        double[][][] Raw, double[][][] Normalised, double[][] Z, double[][][] Heads, GoldenChunk Chunk);

    private sealed record GoldenChunk(double[][] Z, int Heads, int KeyDim, double[][][] Result);
}
