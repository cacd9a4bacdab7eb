// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>The mean vector of each class; a class scores by its distance, all scores sum to 1.</summary>
internal sealed class CentroidModel(float[][] centroids)
{
    public int ClassCount => centroids.Length;

    public float[] Score(VBuffer<float> features)
    {
        float[] x = [.. features.DenseValues()];
        float[] scores = [.. centroids.Select(c => MathF.Exp(-c.Zip(x, (a, b) => (a - b) * (a - b)).Sum()))];
        float sum = scores.Sum();
        return [.. scores.Select(s => s / sum)];
    }

    /// <summary>The key of the best class; 0 where no score is a number.</summary>
    public static uint Key(float[] scores) =>
        scores.Any(float.IsNaN) ? 0 : (uint)Array.IndexOf(scores, scores.Max()) + 1;
}
