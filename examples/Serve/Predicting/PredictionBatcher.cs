// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>
/// Answers concurrent requests together: what waits goes into one search, which reads the memory once for all of them.
/// </summary>
/// <remarks>
/// While a batch is at work the next one gathers by itself, so no request waits for others without need. Only after a
/// batch of several requests the next one waits a moment for as many, who are just being answered and ask again.
/// Batches run on threads of their own, so that a busy search leaves the threads of the requests alone.
/// </remarks>
internal sealed class PredictionBatcher : IHostedService, IDisposable
{
    private readonly ServeOptions _options;
    private readonly ServeMetrics _metrics;
    private readonly BlockingCollection<PendingPrediction> _queue = [];
    private readonly Thread?[] _workers;
    private int _queuedRows;
    private bool _isDisposed;

    public PredictionBatcher(IOptions<ServeOptions> options, ServeMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _workers = new Thread?[_options.BatchWorkers];
    }

    /// <summary>Rows that wait for a batch.</summary>
    public int QueuedRows => Volatile.Read(ref _queuedRows);

    /// <summary>Predicts rows together with those of other requests.</summary>
    /// <param name="deployment">Who predicts; in use by the caller until the answer is there.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellation">Leaves the rows out of the batch where they still wait.</param>
    /// <exception cref="RequestProblem">Too many rows wait.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public async Task<Prediction[]> PredictAsync(
        Deployment deployment, IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var pending = new PendingPrediction(deployment, rows);
        if (Interlocked.Add(ref _queuedRows, rows.Count) > Math.Max(_options.QueuedRows, rows.Count))
        {
            Interlocked.Add(ref _queuedRows, -rows.Count);
            throw RequestProblem.Overloaded("queue-full", "Fewer rows must wait to be predicted. Try again later.");
        }

        using CancellationTokenRegistration registration = cancellation.Register(
            () => pending.Cancel(cancellation));
        Enqueue(pending);
        return await pending.Answer;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        for (int worker = 0; worker < _workers.Length; worker++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"batch {worker}" };
            thread.Start();
            _workers[worker] = thread;
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends when everything that waits is answered; the server takes no requests any more by then.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.CompleteAdding();
        return Task.Run(Join, cancellationToken);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _queue.CompleteAdding();
        Join();
        _queue.Dispose();
    }

    private void Join()
    {
        foreach (Thread? worker in _workers) worker?.Join();
    }

    private void Enqueue(PendingPrediction pending)
    {
        try
        {
            _queue.Add(pending, CancellationToken.None);
        }
        catch (InvalidOperationException) when (_queue.IsAddingCompleted)
        {
            throw RequestProblem.Overloaded("stopping", "The server must not be stopping. It is.");
        }
    }

    private void Work()
    {
        var batch = new List<PendingPrediction>();
        PendingPrediction? next = null;
        int expected = 1;
        while (next is not null || _queue.TryTake(out next, Timeout.Infinite))
        {
            next = Gather(next, batch, expected);
            expected = batch.Count;
            if (batch.Count > 0) Answer(batch);
            batch.Clear();
        }
    }

    /// <summary>Fills a batch with what waits for the same deployment.</summary>
    /// <param name="first">The request that the batch begins with.</param>
    /// <param name="batch">Receives the requests that were not cancelled.</param>
    /// <param name="expected">Number of requests that are worth a moment's wait.</param>
    /// <returns>A request that must go into the next batch; null where there is none.</returns>
    private PendingPrediction? Gather(PendingPrediction first, List<PendingPrediction> batch, int expected)
    {
        long deadline = Environment.TickCount64 + (long)Math.Ceiling(_options.BatchWait.TotalMilliseconds);
        int rows = 0;
        PendingPrediction? next = first;
        while (next is not null)
        {
            bool fits = rows == 0 || rows + next.Rows.Count <= _options.BatchRows;
            if (!fits || !ReferenceEquals(next.Deployment, first.Deployment)) return next;
            Interlocked.Add(ref _queuedRows, -next.Rows.Count);
            if (!next.Answer.IsCompleted)
            {
                batch.Add(next);
                rows += next.Rows.Count;
            }

            if (rows >= _options.BatchRows) return null;
            long wait = batch.Count < expected ? Math.Max(0, deadline - Environment.TickCount64) : 0;
            if (!_queue.TryTake(out next, (int)wait)) return null;
        }

        return null;
    }

    private static Prediction[] Predict(IMemoryStore store, Row[] rows)
        => store.Changes is { IsAdapting: true } adapting
            ? adapting.AdaptAsync(rows).GetAwaiter().GetResult()
            : store.Current.Predict(rows);

    private void Answer(List<PendingPrediction> batch)
    {
        try
        {
            Row[] rows = [.. batch.SelectMany(each => each.Rows)];
            _metrics.BatchRows.Observe(rows.Length);
            Prediction[] predictions = Predict(batch[0].Deployment.Store, rows);
            int start = 0;
            foreach (PendingPrediction each in batch)
            {
                each.Complete(predictions[start..(start + each.Rows.Count)]);
                start += each.Rows.Count;
            }
        }
        catch (Exception reason)
        {
            foreach (PendingPrediction each in batch) each.Fail(reason);
        }
    }
}
