// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Holds the deployment that new requests get.</summary>
internal sealed class ModelHost : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private volatile Deployment? _current;
    private volatile ReloadReport _report = ReloadReport.None;

    /// <summary>The deployment that new requests get; null before the first load.</summary>
    public Deployment? Current => _current;

    /// <summary>How the last load went.</summary>
    public ReloadReport Report
    {
        get => _report;
        set => _report = value;
    }

    /// <summary>Gives the current deployment to a request, which ends the use when it is answered.</summary>
    /// <exception cref="RequestProblem">There is no model yet.</exception>
    public Deployment Use()
    {
        while (_current is { } deployment)
        {
            if (deployment.TryUse()) return deployment;
        }

        throw RequestProblem.Overloaded("no-model", "A model must be loaded before it can be asked. Got none yet.");
    }

    /// <summary>Gives new requests another deployment; the former one closes when its last request is answered.
    /// </summary>
    /// <returns>The former one; null where there was none.</returns>
    public Deployment? Exchange(Deployment? deployment)
    {
        Deployment? former;
        lock (_gate)
        {
            former = _current;
            _current = deployment;
        }

        former?.Retire();
        return former;
    }

    /// <summary>Leaves new requests without a deployment and waits until the former one is closed.</summary>
    public async Task RetireAsync()
    {
        if (Exchange(null) is { } last) await last.Closed;
    }

    public async ValueTask DisposeAsync() => await RetireAsync();
}
