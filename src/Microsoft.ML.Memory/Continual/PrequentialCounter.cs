// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Counts the predictions of a stream, each made before its label was known.</summary>
/// <remarks>
/// <para>Memory: one byte for each row of the window and three counts for each class. Cost of a row: O(1); of
/// <see cref="Metrics"/>: O(c). Not safe for concurrent use.</para>
/// <para>Source: Gama, Sebastião, Rodrigues, "On evaluating stream learning algorithms", Machine Learning 90, 2013
/// (windows); Bifet, De Francisci Morales, Read, Holmes, Pfahringer, "Efficient online evaluation of big data stream
/// classifiers", KDD 2015 (kappa against no change and against the majority).</para>
/// </remarks>
public sealed class PrequentialCounter
{
    private const int Model = 0;
    private const int NoChange = 1;
    private const int Majority = 2;
    private const int RuleCount = 3;

    private readonly byte[] _window;
    private readonly long[] _right = new long[RuleCount];
    private readonly long[] _rightInWindow = new long[RuleCount];
    private readonly List<long> _labelCounts = [];
    private readonly List<long> _predictionCounts = [];
    private int _last = -1;
    private int _majority = -1;

    /// <summary>Makes a counter that has seen nothing.</summary>
    /// <param name="windowLength">Rows of the sliding window, at least 1.</param>
    /// <exception cref="ArgumentException">The window is shorter than a row.</exception>
    public PrequentialCounter(int windowLength = 1000)
    {
        Check.AtLeast(windowLength, 1, "PrequentialCounter's windowLength");
        _window = new byte[windowLength];
    }

    /// <summary>Rows counted.</summary>
    public long Count { get; private set; }

    /// <summary>The measures of all rows counted and of the window.</summary>
    /// <exception cref="InvalidOperationException">No row was counted.</exception>
    public PrequentialMetrics Metrics
    {
        get
        {
            if (Count == 0)
            {
                throw new InvalidOperationException(
                    "PrequentialCounter must have counted at least one row. Got none. Call Add first.");
            }

            int windowCount = (int)Math.Min(Count, _window.Length);
            double accuracy = (double)_right[Model] / Count;
            double noChange = (double)_right[NoChange] / Count;
            double majority = (double)_right[Majority] / Count;
            return new PrequentialMetrics
            {
                Count = Count,
                Accuracy = accuracy,
                NoChangeAccuracy = noChange,
                MajorityAccuracy = majority,
                Kappa = Beyond(accuracy, ByChance()),
                KappaTemporal = Beyond(accuracy, noChange),
                KappaMajority = Beyond(accuracy, majority),
                WindowCount = windowCount,
                WindowAccuracy = (double)_rightInWindow[Model] / windowCount,
                WindowNoChangeAccuracy = (double)_rightInWindow[NoChange] / windowCount,
                WindowMajorityAccuracy = (double)_rightInWindow[Majority] / windowCount,
            };
        }
    }

    /// <summary>Counts one row.</summary>
    /// <param name="label">Class index of the true label, at least 0; the numbers used should lie close.</param>
    /// <param name="prediction">Class index that was predicted, at least 0; null for none, which is wrong.</param>
    /// <exception cref="ArgumentException">An index is negative.</exception>
    public void Add(int label, int? prediction)
    {
        Check.AtLeast(label, 0, "Add's label");
        if (prediction is { } predicted) Check.AtLeast(predicted, 0, "Add's prediction", nameof(prediction));

        int outcome = (prediction == label ? 1 << Model : 0)
            | (_last == label ? 1 << NoChange : 0)
            | (_majority == label ? 1 << Majority : 0);
        ref byte place = ref _window[Count % _window.Length];
        for (int rule = 0; rule < RuleCount; rule++)
        {
            int isRight = (outcome >> rule) & 1;
            int leaves = (place >> rule) & 1;
            _right[rule] += isRight;
            _rightInWindow[rule] += isRight - leaves;
        }

        place = (byte)outcome;
        Count++;
        if (prediction is { } counted) Increment(_predictionCounts, counted);
        Increment(_labelCounts, label);
        if (_majority < 0 || _labelCounts[label] > _labelCounts[_majority]) _majority = label;
        _last = label;
    }

    private static void Increment(List<long> counts, int index)
    {
        while (counts.Count <= index) counts.Add(0);
        counts[index]++;
    }

    private static double? Beyond(double accuracy, double reference)
        => reference < 1 ? (accuracy - reference) / (1 - reference) : null;

    private double ByChance()
    {
        double sum = 0;
        for (int index = 0; index < Math.Min(_labelCounts.Count, _predictionCounts.Count); index++)
            sum += (double)_labelCounts[index] / Count * ((double)_predictionCounts[index] / Count);
        return sum;
    }
}
