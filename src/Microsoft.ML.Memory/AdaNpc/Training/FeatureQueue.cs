// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The most recent labelled features of a training run, as many as fit: the neighbours of its loss.</summary>
/// <remarks>
/// <para>New features overwrite the oldest. Slots that were never written take no part, where the released code lets
/// them vote for class 0.</para>
/// <para>Not safe for concurrent use. Source: arXiv 2304.12566.</para>
/// </remarks>
public sealed class FeatureQueue
{
    private readonly float[] _features;
    private readonly int[] _labels;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">Features that fit, at least 1.</param>
    /// <param name="dimension">Length d of a feature vector, at least 1.</param>
    /// <exception cref="ArgumentException">A number is below 1, or their product beyond the largest array.</exception>
    public FeatureQueue(int capacity, int dimension)
    {
        Capacity = Check.AtLeast(capacity, 1, "FeatureQueue's capacity");
        Dimension = Check.AtLeast(dimension, 1, "FeatureQueue's dimension");
        if (capacity > Array.MaxLength / dimension)
        {
            throw new ArgumentException(
                $"FeatureQueue's capacity must be at most {Array.MaxLength / dimension} for features of length "
                + $"{dimension}. Got {capacity}.",
                nameof(capacity));
        }

        _features = new float[capacity * dimension];
        _labels = new int[capacity];
    }

    /// <summary>Features that fit.</summary>
    public int Capacity { get; }

    /// <summary>Length d of a feature vector.</summary>
    public int Dimension { get; }

    /// <summary>Features that are here, which have the slots [0, this).</summary>
    public int Count { get; private set; }

    /// <summary>Slot that is written next.</summary>
    public int Next { get; private set; }

    /// <summary>Adds features, scaled to length 1; of more than fit the last ones stay.</summary>
    /// <param name="features">[n, d], finite; a zero vector stays zero.</param>
    /// <param name="labels">[n] classes, at least 0.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is out of its range.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        Check.Length(
            features.Length, (long)labels.Length * Dimension, nameof(features), $"[{labels.Length}, {Dimension}]");
        Check.Finite(features, Dimension, nameof(features));
        foreach (int label in labels) Check.AtLeast(label, 0, "labels", nameof(labels));

        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> slot = _features.AsSpan(Next * Dimension, Dimension);
            features.Slice(row * Dimension, Dimension).CopyTo(slot);
            UnitRow.Scale(slot);
            _labels[Next] = labels[row];
            Next = (Next + 1) % Capacity;
            Count = Math.Min(Count + 1, Capacity);
        }
    }

    /// <summary>Gives the features in a slot, of length 1.</summary>
    public ReadOnlySpan<float> FeaturesAt(int slot)
        => _features.AsSpan(Check.Index(slot, Count) * Dimension, Dimension);

    /// <summary>Gives the class in a slot.</summary>
    public int LabelAt(int slot) => _labels[Check.Index(slot, Count)];
}
