// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Knows which states searches run on, so that no slot is used again under a search that may look at it.
/// </summary>
/// <remarks>Thread-safe; the lock is held for a few instructions, never during a change or a search.</remarks>
internal sealed class GraphReaders
{
    private readonly Lock _gate = new();
    private readonly Queue<GraphState> _states = new();
    private GraphState _current;

    public GraphReaders(GraphState first)
    {
        _current = first;
        _states.Enqueue(first);
    }

    /// <summary>The state of the last whole change.</summary>
    public GraphState Current => Volatile.Read(ref _current);

    /// <summary>Starts a search on the current state.</summary>
    public GraphState Enter()
    {
        lock (_gate)
        {
            _current.Readers++;
            return _current;
        }
    }

    /// <summary>Ends a search.</summary>
    public void Leave(GraphState state)
    {
        lock (_gate) state.Readers--;
    }

    /// <summary>Lets searches that start from now on see a change.</summary>
    public void Publish(GraphState state)
    {
        lock (_gate)
        {
            _states.Enqueue(state);
            Volatile.Write(ref _current, state);
            Trim();
        }
    }

    /// <summary>Gives the oldest version that a running search, or the next one, sees.</summary>
    public long OldestVersion()
    {
        lock (_gate)
        {
            Trim();
            return _states.Peek().Version;
        }
    }

    private void Trim()
    {
        while (_states.Peek() is { Readers: 0 } oldest && oldest != _current) _states.Dequeue();
    }
}
