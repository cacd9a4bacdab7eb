// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Vectors and queries of the quantised index's bench.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Dimension">d.</param>
/// <param name="SubspaceCount">m.</param>
/// <param name="Rows">[n, d].</param>
/// <param name="Queries">[q, d].</param>
internal sealed record QuantizedWork(string Name, int Dimension, int SubspaceCount, float[] Rows, float[] Queries)
{
    public const int K = 10;

    public int RowCount => Rows.Length / Dimension;

    public int QueryCount => Queries.Length / Dimension;

    /// <summary>MNIST's training images, queried with test images; null where the data is not here.</summary>
    public static QuantizedWork? Digits()
    {
        DigitImages? train = DigitImages.Read("mnist", "train"), test = DigitImages.Read("mnist", "t10k");
        if (train is null || test is null) return null;
        return new QuantizedWork(
            $"MNIST {train.Count} x {DigitImages.Dimension}, m = 98",
            DigitImages.Dimension,
            98,
            train.Pixels,
            test.Take(500).Pixels);
    }

    public static QuantizedWork Synthetic()
    {
        const int Dimension = 128, Rows = 100_000, Subspaces = 16;
        var stream = new VectorStream(Dimension, 3);
        float[] rows = [.. stream.Rows(Rows).SelectMany(batch => batch.Vectors.ToArray())];
        return new QuantizedWork(
            $"{Rows} x {Dimension}, m = {Subspaces}", Dimension, Subspaces, rows, stream.Queries(500));
    }

    /// <summary>Makes an index of all rows.</summary>
    public QuantizedIndex Build(bool keepVectors)
    {
        var settings = new QuantizedSettings
        {
            SubspaceCount = SubspaceCount,
            TrainingCount = RowCount,
            KeepVectors = keepVectors,
        };
        var index = new QuantizedIndex(Dimension, Metric.SquaredEuclidean, settings);
        index.Add([.. Enumerable.Range(0, RowCount)], Rows);
        return index;
    }

    /// <summary>Gives the ids of each query's neighbours.</summary>
    public long[][] Search(IVectorIndex index, int threads)
    {
        var found = new NeighborTable();
        index.Search(Queries, K, found, new SearchOptions { ThreadCount = threads });
        return [.. Enumerable.Range(0, QueryCount).Select(query => found.IdsOf(query).ToArray())];
    }
}
