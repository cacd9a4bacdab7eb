// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An analysis that waits half-way until a test lets it go on.</summary>
internal sealed class GatedWork
{
    private readonly ManualResetEventSlim _gate = new();
    private int _atWork;
    private int _startCount;
    private int _stopCount;
    private int _mostAtOnce;

    public int StartCount => Volatile.Read(ref _startCount);

    public int StopCount => Volatile.Read(ref _stopCount);

    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public void Open() => _gate.Set();

    public AnalysisResult Run(
        InspectedMemory memory, Action<string, double> report, CancellationToken cancellation)
    {
        _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _atWork));
        report("half", 0.5);
        Interlocked.Increment(ref _startCount);
        try
        {
            _gate.Wait(cancellation);
            return MemoryAnalyzer.Analyze(memory, report, cancellation);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _stopCount);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _atWork);
        }
    }
}
