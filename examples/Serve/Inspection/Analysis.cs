// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An analysis of a memory, from its start on.</summary>
/// <remarks>Safe for concurrent use: one task works, everybody looks.</remarks>
internal sealed class Analysis(long sequence, int entryCount, TimeProvider clock)
{
    private const string Waiting = "waiting";
    private const string Done = "done";

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan? _time;
    private string _stage = Waiting;
    private double _progress;
    private string? _failure;
    private AnalysisResult? _result;

    /// <summary>Ends when somebody stops the analysis.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public bool IsAtWork => _time is null;

    /// <summary>What was found; null where it is not ready.</summary>
    public AnalysisResult? Result => Volatile.Read(ref _result);

    /// <summary>Stops the work soon; does nothing where it has ended.</summary>
    public void Stop() => _stopping.Cancel();

    public void Report(string stage, double progress)
    {
        lock (_gate) (_stage, _progress) = (stage, progress);
    }

    public void Succeed(AnalysisResult result)
    {
        lock (_gate)
        {
            End(Done, 1);
            _result = result;
        }
    }

    public void Fail(string failure)
    {
        lock (_gate)
        {
            End(_stage, _progress);
            _failure = failure;
        }
    }

    public AnalysisAnswer ToAnswer()
    {
        lock (_gate)
        {
            string state = _time is null ? "working" : _failure is null ? "ready" : "failed";
            TimeSpan time = _time ?? clock.GetElapsedTime(_start);
            return new AnalysisAnswer(state, _progress, _stage, _failure, sequence, entryCount, time.TotalSeconds);
        }
    }

    private void End(string stage, double progress)
    {
        _time = clock.GetElapsedTime(_start);
        (_stage, _progress) = (stage, progress);
    }
}
