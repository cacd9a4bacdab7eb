// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Rows that wait for a batch.</summary>
internal sealed class PendingPrediction(Deployment deployment, IReadOnlyList<Row> rows)
{
    private readonly TaskCompletionSource<Prediction[]> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Deployment Deployment { get; } = deployment;

    public IReadOnlyList<Row> Rows { get; } = rows;

    /// <summary>One prediction a row.</summary>
    public Task<Prediction[]> Answer => _answer.Task;

    /// <summary>Gives up waiting: the rows are left out of the next batch.</summary>
    public void Cancel(CancellationToken token) => _answer.TrySetCanceled(token);

    public void Complete(Prediction[] predictions) => _answer.TrySetResult(predictions);

    public void Fail(Exception reason) => _answer.TrySetException(reason);
}
