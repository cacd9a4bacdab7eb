// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What was predicted in a minute.</summary>
internal sealed class TrendMinute
{
    /// <summary>Classes that are counted one by one; predictions of more in the same minute count without a class.
    /// </summary>
    private const int MostClasses = 1000;

    /// <summary>Classes that an answer lists: a day of minutes is not to be without bounds.</summary>
    private const int MostListed = 100;

    private readonly Dictionary<string, int> _classes = [];
    private double _confidence;
    private int _confidenceCount;

    /// <summary>Which minute it is, counted from 1970.</summary>
    public long Minute { get; private set; } = -1;

    public int Count { get; private set; }

    public int UnknownCount { get; private set; }

    public int FeedbackCount { get; private set; }

    public int RightCount { get; private set; }

    /// <summary>Mean of the best scores; null where there were none.</summary>
    public double? Confidence => _confidenceCount > 0 ? _confidence / _confidenceCount : null;

    /// <summary>Predictions of each class.</summary>
    public IReadOnlyDictionary<string, int> Classes => _classes;

    /// <summary>Forgets what was counted and begins another minute.</summary>
    public void Begin(long minute)
    {
        Minute = minute;
        Count = UnknownCount = FeedbackCount = RightCount = _confidenceCount = 0;
        _confidence = 0;
        _classes.Clear();
    }

    public void AddPrediction(Prediction prediction)
    {
        Count++;
        if (prediction.IsUnknown == true) UnknownCount++;
        float best = float.NegativeInfinity;
        for (int index = 0; index < prediction.Scores.Count; index++) best = Math.Max(best, prediction.Scores[index]);
        if (float.IsFinite(best))
        {
            _confidence += best;
            _confidenceCount++;
        }

        if (prediction.Label is not { } label) return;
        if (_classes.TryGetValue(label, out int count)) _classes[label] = count + 1;
        else if (_classes.Count < MostClasses) _classes.Add(label, 1);
    }

    public void AddFeedback(bool isRight)
    {
        FeedbackCount++;
        if (isRight) RightCount++;
    }

    /// <summary>Gives what was counted as an answer has it: of the classes, those that were predicted most.</summary>
    public TrendBucket ToBucket() => new(
        DateTimeOffset.FromUnixTimeSeconds(Minute * Trend.BucketSeconds).UtcDateTime,
        Count,
        Confidence,
        UnknownCount,
        FeedbackCount,
        RightCount,
        [.. _classes.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)
            .Take(MostListed)
            .Select(each => new TrendClass(each.Key, each.Value))]);
}
