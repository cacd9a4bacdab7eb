// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The baseline that forgets: softmax regression by stochastic gradient descent, task after task.</summary>
internal static class LinearProbe
{
    private const int ClassCount = 10;
    private const int Epochs = 20;
    private const float Rate = 1;

    /// <summary>Trains on pairs of classes in turn and measures on all classes at the end.</summary>
    public static double Accuracy(DigitImages train, DigitImages test, int taskCount)
    {
        float[] rows = Normalized(train.Pixels), testRows = Normalized(test.Pixels);
        float[] weights = new float[ClassCount * DigitImages.Dimension];
        double[] shares = new double[ClassCount];
        for (int task = 0; task < taskCount; task++)
        {
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                for (int row = 0; row < train.Count; row++)
                {
                    if (train.Labels[row] * taskCount / ClassCount != task) continue;
                    ReadOnlySpan<float> image = RowOf(rows, row);
                    Predict(weights, image, shares);
                    for (int index = 0; index < ClassCount; index++)
                    {
                        var error = (float)(shares[index] - (index == train.Labels[row] ? 1 : 0));
                        Span<float> own = weights.AsSpan(index * DigitImages.Dimension, DigitImages.Dimension);
                        TensorPrimitives.MultiplyAdd(image, -Rate * error, own, own);
                    }
                }
            }
        }

        return Enumerable.Range(0, test.Count).Count(row =>
        {
            Predict(weights, RowOf(testRows, row), shares);
            return Array.IndexOf(shares, shares.Max()) == test.Labels[row];
        }) / (double)test.Count;
    }

    private static void Predict(float[] weights, ReadOnlySpan<float> image, double[] shares)
    {
        for (int index = 0; index < ClassCount; index++)
            shares[index] = TensorPrimitives.Dot(image, RowOf(weights, index));
        TensorPrimitives.SoftMax<double>(shares, shares);
    }

    private static ReadOnlySpan<float> RowOf(float[] rows, int row)
        => rows.AsSpan(row * DigitImages.Dimension, DigitImages.Dimension);

    private static float[] Normalized(float[] pixels)
    {
        float[] rows = [.. pixels];
        for (int start = 0; start < rows.Length; start += DigitImages.Dimension)
        {
            Span<float> row = rows.AsSpan(start, DigitImages.Dimension);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        }

        return rows;
    }
}
