// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What waits for the writer: a change with somebody who waits for it, or something to do between groups.
/// </summary>
internal sealed class WriterItem
{
    private readonly TaskCompletionSource<ChangeOutcome> _done
        = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action? _command;
    private readonly CancellationTokenRegistration _registration;
    private bool _isClaimed;

    public WriterItem(MemoryChange change, CancellationToken token)
    {
        Change = change;
        Content = ChangeFormat.Write(change);
        _registration = token.UnsafeRegister(
            static (state, cancelled) => ((WriterItem)state!).Cancel(cancelled), this);
    }

    public WriterItem(Action command) => _command = command;

    /// <summary>The change; null where this is something to do.</summary>
    public MemoryChange? Change { get; }

    /// <summary>The change as it is journalled.</summary>
    public JournalChange Content { get; }

    /// <summary>Bytes that the change takes up in the journal.</summary>
    public long Bytes => JournalRecord.ChangeBytes + Content.Content.Length;

    /// <summary>Ends when the change is on disk and made, or the command has run.</summary>
    public Task<ChangeOutcome> Done => _done.Task;

    /// <summary>Takes the change for a group; false where it has been cancelled.</summary>
    public bool TryClaim() => !Interlocked.Exchange(ref _isClaimed, true);

    public void Complete(ChangeOutcome outcome)
    {
        _registration.Dispose();
        _done.TrySetResult(outcome);
    }

    public void Fail(Exception error)
    {
        _registration.Dispose();
        _done.TrySetException(error);
    }

    /// <summary>Runs the command.</summary>
    public void Run()
    {
        try
        {
            _command!();
            Complete(ChangeOutcome.None);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Cancel(CancellationToken token)
    {
        if (TryClaim()) _done.TrySetCanceled(token);
    }
}
