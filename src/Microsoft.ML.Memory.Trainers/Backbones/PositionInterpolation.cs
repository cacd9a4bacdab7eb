// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How position embeddings are carried over to images of another size than the backbone's own.</summary>
public enum PositionRule
{
    /// <summary>Bicubic (a = -0.75), the source step is the ratio of the sizes; ViT, DINOv2.</summary>
    SizeBased,

    /// <summary>As before with 0.1 added to the new size; how DINOv2 was run by older releases of its
    /// authors.</summary>
    ScaleOffset01,

    /// <summary>Bicubic (a = -0.5) with a support that widens when shrinking; DINOv2 with registers.</summary>
    Antialiased,
}

/// <summary>The linear map from a square grid of positions to another grid.</summary>
internal static class PositionInterpolation
{
    private const double Offset = 0.1;

    /// <summary>Makes the matrix M [height·width, side·side] with positions' = M positions.</summary>
    /// <remarks>Half-pixel centres; borders are clamped, or renormalised where antialiased. Rows sum to 1.</remarks>
    public static float[] Matrix(int side, int height, int width, PositionRule rule)
    {
        double[,] rows = Weights(side, height, rule), columns = Weights(side, width, rule);
        float[] matrix = new float[(long)height * width * side * side];
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int row = 0; row < side; row++)
                {
                    for (int column = 0; column < side; column++)
                        matrix[at++] = (float)(rows[y, row] * columns[x, column]);
                }
            }
        }

        return matrix;
    }

    /// <summary>Weights [to, from] of resampling one dimension.</summary>
    private static double[,] Weights(int from, int to, PositionRule rule)
    {
        double[,] weights = new double[to, from];
        for (int target = 0; target < to; target++)
        {
            if (rule == PositionRule.Antialiased)
                Widened(weights, target, from, (double)from / to);
            else
                Clamped(weights, target, from, from / (to + (rule == PositionRule.ScaleOffset01 ? Offset : 0)));
        }

        return weights;
    }

    private static void Clamped(double[,] weights, int target, int from, double step)
    {
        double source = ((target + 0.5) * step) - 0.5;
        int first = (int)Math.Floor(source) - 1;
        for (int tap = first; tap < first + 4; tap++)
            weights[target, Math.Clamp(tap, 0, from - 1)] += Cubic(source - tap, -0.75);
    }

    private static void Widened(double[,] weights, int target, int from, double step)
    {
        double stretch = Math.Max(1, step), centre = (target + 0.5) * step;
        int first = Math.Max(0, (int)Math.Floor(centre - (2 * stretch) + 0.5));
        int last = Math.Min(from, (int)Math.Floor(centre + (2 * stretch) + 0.5));
        double sum = 0;
        for (int tap = first; tap < last; tap++)
        {
            weights[target, tap] = Cubic((tap + 0.5 - centre) / stretch, -0.5);
            sum += weights[target, tap];
        }

        for (int tap = first; tap < last; tap++) weights[target, tap] /= sum;
    }

    /// <summary>Keys' cubic convolution kernel.</summary>
    private static double Cubic(double x, double a)
    {
        x = Math.Abs(x);
        return x < 1 ? (((((a + 2) * x) - (a + 3)) * x) * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a
            : 0;
    }
}
