// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Rows, queries and the true nearest rows of each query, which both sides of a comparison get.</summary>
internal sealed class AnnWork
{
    public const int K = 10;

    private AnnWork(string name, Metric metric, int dimension, float[] rows, float[] queries)
    {
        Name = name;
        Metric = metric;
        Dimension = dimension;
        Rows = rows;
        Queries = queries;
        Truth = Nearest();
    }

    public string Name { get; }

    public Metric Metric { get; }

    public int Dimension { get; }

    /// <summary>[n, d]; under the cosine of length 1.</summary>
    public float[] Rows { get; }

    /// <summary>[q, d]; under the cosine of length 1.</summary>
    public float[] Queries { get; }

    /// <summary>[q, K] rows nearest to each query.</summary>
    public int[] Truth { get; }

    public int RowCount => Rows.Length / Dimension;

    public int QueryCount => Queries.Length / Dimension;

    /// <summary>Makes rows and queries that lie near a plane of fewer dimensions.</summary>
    public static AnnWork Projected(int rows, int dimension, int latent, int queries) => new(
        $"{rows} x {dimension}, {latent} latent",
        Metric.SquaredEuclidean,
        dimension,
        new ProjectedRows(dimension, latent, seed: 1).Next(rows),
        new ProjectedRows(dimension, latent, seed: 2).Next(queries));

    /// <summary>
    /// Takes the digits' pixels, the test images as queries; null where the data are not on this machine.
    /// </summary>
    public static AnnWork? Digits(int queries)
    {
        if (DigitImages.Read("mnist", "train") is not { } train) return null;
        DigitImages test = DigitImages.Read("mnist", "t10k")!.Take(queries);
        return new AnnWork(
            $"MNIST {train.Count} x {DigitImages.Dimension}",
            Metric.SquaredEuclidean,
            DigitImages.Dimension,
            train.Pixels,
            test.Pixels);
    }

    /// <summary>Takes the words' vectors, every fifth a query; null where the data are not on this machine.</summary>
    public static AnnWork? Words()
    {
        if (DataFiles.Find("text/glove_50d_5k.json.gz") is not { } path) return null;
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Dictionary<string, float[]> words = JsonSerializer.Deserialize<Dictionary<string, float[]>>(gzip)!;
        float[][] rows = [.. words.Values];
        foreach (float[] row in rows) TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        return new AnnWork(
            $"GloVe {rows.Length} x {rows[0].Length}",
            Metric.Cosine,
            rows[0].Length,
            [.. rows.SelectMany(row => row)],
            [.. rows.Where((_, index) => index % 5 == 0).SelectMany(row => row)]);
    }

    /// <summary>Gives the share of the true nearest that a table holds.</summary>
    public double RecallOf(NeighborTable found)
    {
        int hits = 0;
        for (int query = 0; query < QueryCount; query++)
        {
            ReadOnlySpan<int> truth = Truth.AsSpan(query * K, K);
            foreach (long id in found.IdsOf(query)) hits += truth.Contains((int)id) ? 1 : 0;
        }

        return (double)hits / Truth.Length;
    }

    /// <summary>Writes everything to a file, as the peer reads it.</summary>
    public void Write(string path)
    {
        using FileStream file = File.Create(path);
        int[] head = [RowCount, Dimension, QueryCount, K, Metric == Metric.Cosine ? 1 : 0];
        file.Write(MemoryMarshal.AsBytes<int>(head));
        file.Write(MemoryMarshal.AsBytes<float>(Rows));
        file.Write(MemoryMarshal.AsBytes<float>(Queries));
        file.Write(MemoryMarshal.AsBytes<int>(Truth));
    }

    private int[] Nearest()
    {
        var exact = new FlatIndex(Dimension, Metric);
        exact.Add([.. Enumerable.Range(0, RowCount).Select(row => (long)row)], Rows);
        var found = new NeighborTable();
        exact.Search(Queries, K, found);
        int[] nearest = new int[QueryCount * K];
        for (int place = 0; place < nearest.Length; place++) nearest[place] = (int)found.IdsOf(place / K)[place % K];
        return nearest;
    }
}
