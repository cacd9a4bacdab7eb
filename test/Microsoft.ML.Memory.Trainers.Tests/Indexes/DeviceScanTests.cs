// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.Indexes;

/// <summary>What the device's scores say of distances holds, and is not far from them.</summary>
[TestClass]
public sealed class DeviceScanTests
{
    private const int Dimension = 40;
    private const int Rows = 5000;
    private const int Queries = 6;

    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    [TestMethod]
    [DataRow(Metric.Cosine, VectorEncoding.Single, 2e-5)]
    [DataRow(Metric.Cosine, VectorEncoding.Half, 6e-4)]
    [DataRow(Metric.Cosine, VectorEncoding.SignedByte, 3e-2)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Single, 2e-5)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Half, 6e-4)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.SignedByte, 3e-2)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Single, 4e-5)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Half, 6e-4)]
    [DataRow(Metric.InnerProduct, VectorEncoding.SignedByte, 3e-2)]
    public void Best_scores_are_at_least_the_truth_and_near_it(
        Metric metric, VectorEncoding encoding, double tolerance)
        => AssertBounded(metric, encoding, tolerance, Filled(2, Rows));

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Single, 2e-5)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Half, 6e-4)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.SignedByte, 3e-2)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Single, 4e-5)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Half, 6e-4)]
    [DataRow(Metric.InnerProduct, VectorEncoding.SignedByte, 3e-2)]
    public void Best_scores_beside_long_rows_are_at_least_the_truth_and_near_it(
        Metric metric, VectorEncoding encoding, double tolerance)
    {
        float[] vectors = Filled(2, Rows);
        for (int i = 0; i < vectors.Length; i++)
        {
            if (i / Dimension % 100 == 0) vectors[i] *= 1e5f;
        }

        AssertBounded(metric, encoding, tolerance, vectors);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Slack_covers_products_of_halves_rounded_to_halves(Metric metric)
    {
        float[] queries = Filled(3, Queries), vectors = Filled(4, 1000);
        var settings = new DeviceSettings(torch.CPU, VectorEncoding.Half, metric, Dimension);
        double[] squares = [.. Enumerable.Range(0, Queries).Select(i => Square(queries, i))];
        using DisposeScope scope = torch.NewDisposeScope();
        var onDevice = new DeviceQueries(settings, queries, squares, multipliesHalves: true);
        var encoder = new RowEncoder(metric, Dimension, VectorEncoding.Half);
        torch.Tensor code = torch.empty(1, Dimension, torch.float16);

        for (int place = 0; place < 1000; place++)
        {
            ReadOnlySpan<float> row = vectors.AsSpan(place * Dimension, Dimension);
            EncodedRow encoded = encoder.Encode(row, RowTerm.Of(metric, row), code.bytes);
            torch.Tensor product = onDevice.Values.to(torch.float32).matmul(code.to(torch.float32).t());
            float[] scores = product.to(torch.float16).to(torch.float32).mul_(onDevice.Norms!).data<float>().ToArray();
            for (int query = 0; query < Queries; query++)
            {
                DeviceBound bound = onDevice.BoundOf(query);
                float score = (scores[query] * encoded.Scale) + encoded.Bias;
                double least = bound.LeastDistance(score + bound.Slack(RowSlack.Of(encoded)));
                double truth = Truth(metric, queries.AsSpan(query * Dimension, Dimension), row);
                Assert.IsLessThanOrEqualTo(truth, least);
                Assert.IsLessThanOrEqualTo(5e-3 * (squares[query] + 100), truth - least);
            }
        }
    }

    private static void AssertBounded(
        Metric metric, VectorEncoding encoding, double tolerance, float[] vectors)
    {
        float[] queries = Filled(1, Queries);
        var bank = new MemoryBank(Dimension, metric);
        bank.AddRange(vectors, new int[Rows]);
        var settings = new DeviceSettings(torch.CPU, encoding, metric, Dimension);
        var encoder = new RowEncoder(metric, Dimension, encoding);
        BankSnapshot snapshot = bank.Snapshot();
        DeviceState state = DeviceUpdate.Of(settings, encoder, new DeviceState(snapshot, []), snapshot);
        using DisposeScope scope = torch.NewDisposeScope();
        double[] squares = [.. Enumerable.Range(0, Queries).Select(i => Square(queries, i))];
        var onDevice = new DeviceQueries(settings, queries, squares, multipliesHalves: false);

        DeviceCandidates best = new DeviceScan(settings, state, null).Best(onDevice, 100);

        for (int query = 0; query < Queries; query++) AssertNear(query);
        Assert.IsFalse(best.IsAll);
        state.Release();

        void AssertNear(int query)
        {
            for (int i = 0; i < 100; i++)
            {
                int place = (int)best.PositionsOf(query)[i];
                double square = Math.Max(Dimension, Square(vectors, place));
                double unit = metric == Metric.Cosine ? 1 : squares[query] + square;
                double truth = Truth(
                    metric, queries.AsSpan(query * Dimension, Dimension),
                    vectors.AsSpan(place * Dimension, Dimension));
                double least = onDevice.BoundOf(query).LeastDistance(best.ScoresOf(query)[i]);
                Assert.IsLessThanOrEqualTo(truth, least);
                Assert.IsLessThanOrEqualTo(tolerance * unit, truth - least);
            }
        }
    }

    private static unsafe double Square(float[] queries, int query)
    {
        fixed (float* first = queries) return PairDistance.SquaredNorm(first + (query * Dimension), Dimension);
    }

    private static unsafe double Truth(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        fixed (float* q = query)
        fixed (float* r = row)
            return PairDistance.Of(metric, q, PairDistance.SquaredNorm(q, Dimension), r, Dimension);
    }

    private static float[] Filled(long seed, int rows)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * Dimension];
        for (int i = 0; i < values.Length; i++) values[i] = (float)random.NextGaussian();
        return values;
    }
}
