// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// The loss that trains an encoder for a memory: how unlikely the neighbours' vote makes the true class.
/// </summary>
/// <remarks>
/// <para>Loss = mean over rows of -log min(P(y) + 1e-5, 1), P(y) = sum of softmax(s/tau) over the k nearest of the
/// queue that have class y, s the cosine similarity. The gradient is with respect to the raw features; the queue has
/// none.</para>
/// <para>Cost O(n·m·d) for n rows and m features in the queue. No shared state.</para>
/// <para>Source: arXiv 2304.12566.</para>
/// </remarks>
public static class NeighborLoss
{
    private const double Floor = 1e-5;

    /// <summary>Gives the loss of a batch and its gradient.</summary>
    /// <param name="queue">The neighbours, at least one.</param>
    /// <param name="features">[n, d], n at least 1, finite; a zero vector has no gradient.</param>
    /// <param name="labels">[n] true classes.</param>
    /// <param name="k">Neighbours that vote, at least 1; all where there are fewer.</param>
    /// <param name="temperature">tau, above 0.</param>
    /// <param name="gradient">Receives [n, d]; empty computes the loss alone.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public static double Evaluate(
        FeatureQueue queue,
        ReadOnlySpan<float> features,
        ReadOnlySpan<int> labels,
        int k,
        double temperature,
        Span<float> gradient = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        int d = queue.Dimension;
        Check.AtLeast(labels.Length, 1, "labels' length", nameof(labels));
        Check.Length(features.Length, (long)labels.Length * d, nameof(features), $"[{labels.Length}, {d}]");
        if (!gradient.IsEmpty)
            Check.Length(gradient.Length, features.Length, nameof(gradient), $"[{labels.Length}, {d}]");
        Check.Finite(features, d, nameof(features));
        Check.AtLeast(k, 1, "NeighborLoss's k");
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentException(
                $"temperature must be finite and above 0. Got {Check.Shown(temperature)}.", nameof(temperature));
        if (queue.Count == 0)
            throw new InvalidOperationException("The queue must hold features. Got none. Add a batch first.");

        double loss = 0;
        var similarities = new double[queue.Count];
        var order = new int[queue.Count];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> feature = features.Slice(row * d, d);
            Span<float> rowGradient = gradient.IsEmpty ? default : gradient.Slice(row * d, d);
            double norm = Nearest(queue, feature, similarities, order);
            int count = Math.Min(k, queue.Count);
            loss += EvaluateRow(
                queue, feature, norm, labels[row], similarities.AsSpan(0, count), order.AsSpan(0, count),
                temperature, labels.Length, rowGradient);
        }

        return loss / labels.Length;
    }

    /// <summary>
    /// Sorts the queue by similarity, the lower slot first of equals, and gives the length of the row.
    /// </summary>
    private static double Nearest(
        FeatureQueue queue, ReadOnlySpan<float> feature, double[] similarities, int[] order)
    {
        double norm = Math.Sqrt(Dot(feature, feature));
        for (int slot = 0; slot < order.Length; slot++)
        {
            order[slot] = slot;
            similarities[slot] = norm == 0 ? 0 : Dot(feature, queue.FeaturesAt(slot)) / norm;
        }

        double[] unsorted = [.. similarities];
        Array.Sort(order, (first, second) =>
            unsorted[first] == unsorted[second]
                ? first.CompareTo(second)
                : unsorted[second].CompareTo(unsorted[first]));
        for (int rank = 0; rank < order.Length; rank++) similarities[rank] = unsorted[order[rank]];
        return norm;
    }

    private static double EvaluateRow(
        FeatureQueue queue,
        ReadOnlySpan<float> feature,
        double norm,
        int label,
        ReadOnlySpan<double> similarities,
        ReadOnlySpan<int> slots,
        double temperature,
        int rowCount,
        Span<float> gradient)
    {
        Span<double> weights = new double[slots.Length];
        double sum = 0, share = 0;
        for (int rank = 0; rank < slots.Length; rank++)
            sum += weights[rank] = Math.Exp((similarities[rank] - similarities[0]) / temperature);
        for (int rank = 0; rank < slots.Length; rank++)
        {
            weights[rank] /= sum;
            if (queue.LabelAt(slots[rank]) == label) share += weights[rank];
        }

        if (!gradient.IsEmpty)
        {
            gradient.Clear();
            if (share + Floor < 1 && norm > 0)
            {
                double scale = -1 / ((share + Floor) * temperature * norm * rowCount);
                Backward(queue, feature, norm, label, share, similarities, slots, weights, scale, gradient);
            }
        }

        return -Math.Log(Math.Min(share + Floor, 1));
    }

    /// <summary>dL/dx = sum over r of dL/ds(r) · (m(r) - s(r) x/|x|) / |x|.</summary>
    private static void Backward(
        FeatureQueue queue,
        ReadOnlySpan<float> feature,
        double norm,
        int label,
        double share,
        ReadOnlySpan<double> similarities,
        ReadOnlySpan<int> slots,
        ReadOnlySpan<double> weights,
        double scale,
        Span<float> gradient)
    {
        double[] sums = new double[feature.Length];
        double along = 0;
        for (int rank = 0; rank < slots.Length; rank++)
        {
            double isLabel = queue.LabelAt(slots[rank]) == label ? 1 : 0;
            double slope = scale * weights[rank] * (isLabel - share);
            ReadOnlySpan<float> key = queue.FeaturesAt(slots[rank]);
            for (int index = 0; index < sums.Length; index++) sums[index] += slope * key[index];
            along += slope * similarities[rank];
        }

        for (int index = 0; index < sums.Length; index++)
            gradient[index] = (float)(sums[index] - (along * feature[index] / norm));
    }

    private static double Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0;
        for (int index = 0; index < first.Length; index++) sum += (double)first[index] * second[index];
        return sum;
    }
}
