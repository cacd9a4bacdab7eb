// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Analyses memories in the background, one at a time.</summary>
internal sealed partial class AnalysisRunner(
    AnalysisWork work, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AnalysisRunner> log)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Starts an analysis; does nothing where one of the same deployment is at work.</summary>
    /// <param name="memory">The memory; its deployment is in use by the caller.</param>
    /// <returns>The analysis that is at work.</returns>
    public Analysis Start(InspectedMemory memory)
    {
        Deployment deployment = memory.Deployment;
        lock (_gate)
        {
            if (deployment.Inspection.Analysis is { IsAtWork: true } working) return working;
            var analysis = new Analysis(memory.Sequence, memory.Entries.Count, clock);
            deployment.Inspection.Analysis = analysis;
            if (deployment.TryUse()) _ = RunAsync(analysis, memory);
            return analysis;
        }
    }

    /// <summary>Stops the analysis of a deployment that is at work; leaves one that has ended.</summary>
    public void Stop(Deployment deployment)
    {
        lock (_gate)
        {
            if (deployment.Inspection.Analysis is not { IsAtWork: true } working) return;
            working.Stop();
            deployment.Inspection.Analysis = null;
        }
    }

    /// <summary>Stops what is at work and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _turn.WaitAsync();
        _turn.Dispose();
        _ending.Dispose();
    }

    private async Task RunAsync(Analysis analysis, InspectedMemory memory)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            analysis.Stopping, memory.Deployment.Retired, lifetime.ApplicationStopping, _ending.Token);
        try
        {
            await _turn.WaitAsync(stopping.Token);
            try
            {
                // A thread of its own: those of the pool are for requests.
                analysis.Succeed(await Task.Factory.StartNew(
                    () => work(memory, analysis.Report, stopping.Token),
                    stopping.Token,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default));
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            analysis.Fail("The analysis must be left to end. It was stopped.");
        }
        catch (Exception error)
        {
            LogFailed(error);
            analysis.Fail("The analysis must not fail, but did. The server's log tells more.");
        }
        finally
        {
            memory.Deployment.EndUse();
        }
    }

    [LoggerMessage(LogLevel.Error, "The analysis failed.")]
    private partial void LogFailed(Exception error);
}
