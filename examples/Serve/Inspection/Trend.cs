// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What was predicted in each minute of the latest 24 hours.</summary>
/// <remarks>
/// A ring of minutes, each used again after a day, so that a busy server allocates nothing for it once it has seen its
/// classes. Safe for concurrent use.
/// </remarks>
internal sealed class Trend(TimeProvider clock)
{
    public const int BucketSeconds = 60;
    private const int MinuteCount = 24 * 60;

    private readonly Lock _gate = new();
    private readonly TrendMinute[] _ring = [.. Enumerable.Range(0, MinuteCount).Select(_ => new TrendMinute())];

    public void AddPrediction(Prediction prediction)
    {
        lock (_gate) Current().AddPrediction(prediction);
    }

    public void AddFeedback(bool isRight)
    {
        lock (_gate) Current().AddFeedback(isRight);
    }

    /// <summary>Gives the minutes in which there was something, in their order.</summary>
    public IReadOnlyList<TrendBucket> Read()
    {
        long last = Now();
        return [.. _ring.Select(each => Copy(each, last)).OfType<TrendBucket>().OrderBy(each => each.At)];
    }

    /// <summary>Copies one minute; predictions do not wait for the whole day. Null where there is nothing in it.
    /// </summary>
    private TrendBucket? Copy(TrendMinute minute, long last)
    {
        lock (_gate) return minute.Minute > last - MinuteCount && minute.Minute <= last ? minute.ToBucket() : null;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds() / BucketSeconds;

    private TrendMinute Current()
    {
        long minute = Now();
        TrendMinute current = _ring[minute % MinuteCount];
        if (current.Minute != minute) current.Begin(minute);
        return current;
    }
}
