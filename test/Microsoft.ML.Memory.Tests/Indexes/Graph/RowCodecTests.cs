// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed unsafe class RowCodecTests
{
    private const int Count = 7;
    private const float Offset = 1000;

    public static IEnumerable<object[]> Codecs =>
        from encoding in Enum.GetValues<VectorEncoding>()
        from metric in Enum.GetValues<Metric>()
        from bits in (int[])[128, 256, 512]
        from dimension in (int[])[1, 15, 16, 50, 131]
        select new object[] { encoding, metric, bits, dimension };

    public static IEnumerable<object[]> CodecsOfDistances => Codecs.Where(
        codec => (Metric)codec[1] == Metric.Cosine
            || ((Metric)codec[1] == Metric.SquaredEuclidean && (VectorEncoding)codec[0] != VectorEncoding.Single));

    public static IEnumerable<object[]> CodecsOfProducts =>
        from codec in Codecs
        where (Metric)codec[1] == Metric.InnerProduct && (VectorEncoding)codec[0] != VectorEncoding.Single
        select new object[] { codec[0], codec[2], codec[3] };

    [TestMethod]
    [DynamicData(nameof(Codecs))]
    public void Measure_is_the_distance_up_to_the_error_of_the_codes(
        VectorEncoding encoding, Metric metric, int bits, int dimension)
    {
        var codec = RowCodec.Create(encoding, metric, dimension, (ScanWidth)bits);
        float[] rows = Rows(dimension);
        double error = ErrorOf(encoding);

        float[] measured = Measure(codec, rows, fromCode: false);
        float[] fromCode = Measure(codec, rows, fromCode: true);

        fixed (float* row = rows)
        {
            double square = PairDistance.SquaredNorm(row, dimension);
            double scale = metric == Metric.Cosine ? 1 : square + dimension;
            for (int place = 0; place < Count; place++)
            {
                double exact = PairDistance.Of(metric, row, square, row + (place * dimension), dimension);
                Assert.AreEqual(exact, measured[place], error * scale);
                Assert.AreEqual(measured[place], fromCode[place], 1e-5 * scale);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(CodecsOfDistances))]
    public void Measure_relative_to_a_centre_is_the_distance_up_to_the_error_of_what_is_left(
        VectorEncoding encoding, Metric metric, int bits, int dimension)
    {
        float[] left = Rows(dimension);
        float[] rows = Array.ConvertAll(left, value => Offset + value);
        RowCodec codec = CentredCodec(encoding, metric, bits, dimension);

        float[] measured = Measure(codec, rows, fromCode: false);
        float[] fromCode = Measure(codec, rows, fromCode: true);

        fixed (float* row = rows, rest = left)
        {
            double square = PairDistance.SquaredNorm(row, dimension);
            double scale = PairDistance.SquaredNorm(rest, dimension) + dimension;
            double error = 2 * ErrorOf(encoding) * (metric == Metric.Cosine ? scale / square : scale);
            for (int place = 0; place < Count; place++)
            {
                double exact = PairDistance.Of(metric, row, square, row + (place * dimension), dimension);
                Assert.AreEqual(exact, measured[place], error);
                Assert.AreEqual(exact, fromCode[place], error);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(CodecsOfProducts))]
    public void Measure_relative_to_a_centre_is_the_product_with_what_is_left(
        VectorEncoding encoding, int bits, int dimension)
    {
        float[] left = Rows(dimension);
        float[] rows = Array.ConvertAll(left, value => Offset + value);
        RowCodec codec = CentredCodec(encoding, Metric.InnerProduct, bits, dimension);

        float[] measured = Measure(codec, rows, fromCode: false);
        float[] fromCode = Measure(codec, rows, fromCode: true);

        fixed (float* row = rows, rest = left)
        {
            double square = PairDistance.SquaredNorm(row, dimension);
            double scale = PairDistance.SquaredNorm(rest, dimension) + dimension;
            double error = 2 * ErrorOf(encoding);
            for (int place = 0; place < Count; place++)
            {
                float* other = rest + (place * dimension);
                double ofQuery = PairDistance.Of(Metric.InnerProduct, row, square, other, dimension);
                Assert.AreEqual(ofQuery, measured[place], error * Math.Sqrt(square * scale));
                double ofEntry = PairDistance.Of(Metric.InnerProduct, rest, square, other, dimension);
                Assert.AreEqual(ofEntry, fromCode[place], error * scale);
            }
        }
    }

    [TestMethod]
    [DataRow(128, 16)]
    [DataRow(256, 50)]
    [DataRow(512, 131)]
    public void Measure_by_exact_codes_is_the_product_of_entries_relative_to_a_centre(int bits, int dimension)
    {
        float[] left = Rows(dimension);
        float[] rows = Array.ConvertAll(left, value => Offset + value);
        RowCodec codec = CentredCodec(VectorEncoding.Single, Metric.InnerProduct, bits, dimension);

        float[] measured = Measure(codec, rows, fromCode: false);
        float[] fromCode = Measure(codec, rows, fromCode: true);

        fixed (float* row = rows, rest = left)
        {
            for (int place = 0; place < Count; place++)
            {
                int first = place * dimension;
                double ofQuery = PairDistance.Of(Metric.InnerProduct, row, 0, row + first, dimension);
                Assert.AreEqual(ofQuery, measured[place], 1e-6 * Math.Abs(ofQuery));
                double ofEntry = PairDistance.Of(Metric.InnerProduct, rest, 0, rest + first, dimension);
                Assert.AreEqual(ofEntry, fromCode[place], 1e-5 * Offset * dimension);
            }
        }
    }

    [TestMethod]
    [DataRow(VectorEncoding.Single)]
    [DataRow(VectorEncoding.Half)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Measure_of_zero_vectors_is_one_under_the_cosine(VectorEncoding encoding)
    {
        var codec = RowCodec.Create(encoding, Metric.Cosine, 20, ScanWidths.Best);
        float[] rows = Rows(20);
        rows.AsSpan(20).Clear();

        float[] measured = Measure(codec, rows, fromCode: false);

        Assert.AreEqual(0, measured[0], 1e-3f);
        for (int place = 1; place < Count; place++) Assert.AreEqual(1f, measured[place]);
    }

    [TestMethod]
    [DataRow(VectorEncoding.Half)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Measure_of_very_long_and_very_short_rows_keeps_their_order(VectorEncoding encoding)
    {
        foreach (float scale in (float[])[1e-15f, 1e15f])
        {
            var codec = RowCodec.Create(encoding, Metric.SquaredEuclidean, 2, ScanWidths.Best);
            float[] rows = [.. Enumerable.Range(0, 2 * Count).Select(value => scale * (value / 2) * 5)];

            float[] measured = Measure(codec, rows, fromCode: false);

            CollectionAssert.AreEqual(measured.Order().ToArray(), measured);
        }
    }

    private static RowCodec CentredCodec(VectorEncoding encoding, Metric metric, int bits, int dimension)
    {
        var codec = RowCodec.Create(encoding, metric, dimension, (ScanWidth)bits);
        float[] centre = new float[dimension];
        centre.AsSpan().Fill(metric == Metric.Cosine ? (float)Math.Sqrt(0.5 / dimension) : Offset);
        codec.Centre = new RowCentre(metric, centre);
        return codec;
    }

    private static double ErrorOf(VectorEncoding encoding) => encoding switch
    {
        VectorEncoding.Single => 1e-5,
        VectorEncoding.Half => 2e-3,
        _ => 2.5e-2,
    };

    private static float[] Rows(int dimension)
    {
        var random = new SeededRandom(5);
        float[] rows = new float[Count * dimension];
        foreach (ref float value in rows.AsSpan()) value = (float)random.NextGaussian();
        return rows;
    }

    private static float[] Measure(RowCodec codec, float[] rows, bool fromCode)
    {
        byte[] codes = GC.AllocateArray<byte>((Count * codec.CodeBytes) + 64, pinned: true);
        byte[] query = GC.AllocateArray<byte>(codec.QueryBytes + 64, pinned: true);
        byte* firstCode = Aligned(codes);
        byte* aligned = Aligned(query);
        byte** places = stackalloc byte*[Count + 3];
        float[] distances = new float[Count + 3];
        fixed (float* row = rows, measured = distances)
        {
            for (int place = 0; place < Count; place++)
            {
                places[place] = firstCode + (place * codec.CodeBytes);
                codec.Encode(row + (place * codec.Dimension), places[place]);
            }

            if (fromCode) codec.PrepareCode(firstCode, aligned);
            else codec.Prepare(row, aligned);
            codec.Measure(aligned, places, Count, measured);
        }

        GC.KeepAlive(codes);
        GC.KeepAlive(query);
        return distances[..Count];
    }

    private static byte* Aligned(byte[] memory) => (byte*)(((nint)Unsafe.AsPointer(ref memory[0]) + 63) & -64);
}
