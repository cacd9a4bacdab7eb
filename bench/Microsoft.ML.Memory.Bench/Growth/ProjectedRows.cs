// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// Rows that lie near a plane of fewer dimensions, as the features of networks do: seeded normal values there,
/// projected, with a little noise. The plane is the same for every seed.
/// </summary>
internal sealed class ProjectedRows(int dimension, int latent, long seed)
{
    private const float Noise = 0.1f;

    private readonly SeededRandom _random = new(seed);
    private readonly float[] _directions = Normal(new SeededRandom(7), latent * dimension, 1);

    /// <summary>Gives the next rows, [count, dimension].</summary>
    public float[] Next(int count)
    {
        float[] values = Normal(_random, count * dimension, Noise);
        for (int row = 0; row < count; row++)
        {
            Span<float> value = values.AsSpan(row * dimension, dimension);
            for (int axis = 0; axis < latent; axis++)
            {
                ReadOnlySpan<float> direction = _directions.AsSpan(axis * dimension, dimension);
                TensorPrimitives.MultiplyAdd(direction, (float)_random.NextGaussian(), value, value);
            }
        }

        return values;
    }

    private static float[] Normal(SeededRandom random, int count, float scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = scale * (float)random.NextGaussian();
        return values;
    }
}
