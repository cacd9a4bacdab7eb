// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Remembers the latest predictions, so that their true labels can come later.</summary>
internal sealed class PredictionLog(IOptions<ServeOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LoggedPrediction> _entries = [];
    private readonly Queue<Guid> _order = [];

    /// <summary>Remembers a prediction; the oldest one goes where there are too many.</summary>
    /// <returns>Its id.</returns>
    public Guid Add(Deployment deployment, Row row, Prediction prediction)
    {
        var id = Guid.NewGuid();
        if (options.Value.RememberedPredictions == 0) return id;
        var entry = new LoggedPrediction(deployment.Version, row, prediction.Label, prediction.EntryId);
        lock (_gate) Insert(id, entry);
        return id;
    }

    /// <summary>Takes a prediction out: its true label comes once.</summary>
    /// <returns>The prediction; null where it is unknown, too old, or was taken already.</returns>
    public LoggedPrediction? Take(Guid id)
    {
        lock (_gate)
        {
            return _entries.Remove(id, out LoggedPrediction? entry) ? entry : null;
        }
    }

    /// <summary>Puts a prediction back whose label could not be used.</summary>
    public void Return(Guid id, LoggedPrediction entry)
    {
        lock (_gate) Insert(id, entry);
    }

    private void Insert(Guid id, LoggedPrediction entry)
    {
        while (_order.Count >= options.Value.RememberedPredictions) _entries.Remove(_order.Dequeue());
        _order.Enqueue(id);
        _entries[id] = entry;
    }
}
