// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Cuts rows of features into the inputs of the heads: by fixed random projections, or by pieces.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
internal sealed class HeadInputs
{
    private const long ProjectionStream = 0x50726F6A;

    private HeadInputs(int dimension, int headCount, int keyDimension, float[]? columns)
    {
        Dimension = dimension;
        HeadCount = headCount;
        KeyDimension = keyDimension;
        Columns = columns;
    }

    /// <summary>Length d of a row.</summary>
    public int Dimension { get; }

    public int HeadCount { get; }

    /// <summary>Length k of a head's input.</summary>
    public int KeyDimension { get; }

    /// <summary>
    /// [heads, k, d] columns of the projections, each of length 1; null where rows are cut into pieces.
    /// </summary>
    public float[]? Columns { get; }

    /// <summary>
    /// Draws projections, each entry normal, then each column scaled to length 1; or cuts into pieces.
    /// </summary>
    public static HeadInputs Create(BottleneckSettings settings, int dimension)
    {
        int keyDimension = settings.KeyDimensionFor(dimension);
        if (settings.Split == HeadSplit.Chunk) return new HeadInputs(dimension, settings.HeadCount, keyDimension, null);
        float[] columns = new float[(long)settings.HeadCount * keyDimension * dimension];
        var random = new SeededRandom(settings.Seed ^ ProjectionStream);
        foreach (ref float value in columns.AsSpan()) value = (float)random.NextGaussian();
        return Project(columns, dimension, settings.HeadCount, keyDimension);
    }

    /// <summary>Takes columns as they are, scaling each to length 1.</summary>
    /// <param name="columns">[heads, k, d]; belongs to the result.</param>
    /// <param name="dimension">d.</param>
    /// <param name="headCount">Number of heads.</param>
    /// <param name="keyDimension">k.</param>
    public static HeadInputs Project(float[] columns, int dimension, int headCount, int keyDimension)
    {
        for (int start = 0; start < columns.Length; start += dimension)
        {
            Span<float> column = columns.AsSpan(start, dimension);
            float norm = TensorPrimitives.Norm<float>(column);
            if (norm > 0) TensorPrimitives.Divide(column, norm, column);
        }

        return new HeadInputs(dimension, headCount, keyDimension, columns);
    }

    /// <summary>Goes on with columns that were saved, or with pieces where there are none.</summary>
    public static HeadInputs Restore(float[]? columns, int dimension, int headCount, int keyDimension)
        => new(dimension, headCount, keyDimension, columns);

    /// <summary>Computes one head's input for rows.</summary>
    /// <param name="head">The head.</param>
    /// <param name="rows">[n, d].</param>
    /// <param name="inputs">Receives [n, k].</param>
    public void Compute(int head, ReadOnlySpan<float> rows, Span<float> inputs)
    {
        int k = KeyDimension;
        for (int row = 0; row < rows.Length / Dimension; row++)
        {
            ReadOnlySpan<float> features = rows.Slice(row * Dimension, Dimension);
            Span<float> input = inputs.Slice(row * k, k);
            if (Columns is null)
            {
                features.Slice(head * k, k).CopyTo(input);
                continue;
            }

            for (int index = 0; index < k; index++)
            {
                input[index] = TensorPrimitives.Dot(
                    features, Columns.AsSpan(((head * k) + index) * Dimension, Dimension));
            }
        }
    }
}
