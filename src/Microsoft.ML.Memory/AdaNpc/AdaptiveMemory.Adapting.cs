// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

public sealed partial class AdaptiveMemory
{
    /// <summary>Predicts rows batch by batch, remembering the confident ones of a batch before the next.</summary>
    /// <remarks>
    /// Batches have <see cref="AdaptationSettings.BatchSize"/> rows, counted from the first of this call; the last may
    /// be shorter. No row sees itself or another of its batch. A row without a prediction is never remembered.
    /// </remarks>
    /// <param name="rows">[n, d], row-major; a row with NaN or infinity gets no prediction.</param>
    /// <param name="predictions">Receives what was predicted, remembered and evicted.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>; a filter says who may vote.</param>
    /// <exception cref="ArgumentException">
    /// The length is not a multiple of d, or n·c is beyond the largest array.
    /// </exception>
    public void Adapt(ReadOnlySpan<float> rows, AdaptivePredictions predictions, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int count = RowsIn(rows);

        lock (_gate)
        {
            predictions.Reset(count, ClassCount);
            for (int first = 0; first < count; first += Settings.BatchSize)
            {
                int batch = Math.Min(Settings.BatchSize, count - first);
                AdaptBatch(rows.Slice(first * Dimension, batch * Dimension), first, predictions, options);
            }
        }
    }

    /// <summary>Remembers rows with their true labels, as feedback that comes after a prediction.</summary>
    /// <remarks>All rows are remembered or, on an error, none; a full memory may refuse a row by its policy.</remarks>
    /// <param name="rows">[n, d], row-major, finite.</param>
    /// <param name="labels">[n] classes, in [0, c).</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <returns>Number of rows that entered.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a value is out of its range.</exception>
    public int Learn(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, SearchOptions? options = null)
    {
        Check.Length(rows.Length, (long)labels.Length * Dimension, nameof(rows), $"[{labels.Length}, {Dimension}]");
        Check.Finite(rows, Dimension, nameof(rows));
        CheckLabels(labels);

        lock (_gate)
        {
            RequireIds(labels.Length);
            ReadOnlySpan<float> matched = Matched(rows, _rowStatistics);
            RequireFinite(matched);
            if (Settings.Eviction == EvictionKind.LeastUseful) Judge(matched, labels, options);
            int entered = 0;
            for (int row = 0; row < labels.Length; row++)
            {
                var entry = new AdaptiveEntry(_nextId, labels[row], EntryOrigin.Feedback, 1, []);
                if (Offer(entry, row, out _)) entered++;
            }

            Apply(matched);
            return entered;
        }
    }

    /// <summary>Gives an adapted entry its true label; it is feedback from then on, under a new id.</summary>
    /// <param name="id">Id of an entry that is stored.</param>
    /// <param name="label">Its true class, in [0, c).</param>
    /// <returns>The new id.</returns>
    /// <exception cref="KeyNotFoundException">The id is not stored.</exception>
    /// <exception cref="ArgumentException">The entry is a source entry, or the label is out of range.</exception>
    public long Correct(long id, int label)
    {
        CheckLabels([label]);
        lock (_gate)
        {
            if (!_entries.TryGetValue(id, out AdaptiveEntry? entry))
                throw new KeyNotFoundException($"id must be stored. Got {id}, which is not.");
            if (entry.Origin == EntryOrigin.Source)
                throw new ArgumentException($"id must not be that of a source entry. Got {id}.", nameof(id));
            RequireIds(1);
            BankSnapshot memory = _bank.Snapshot();
            memory.TryFind(id, out int position);
            float[] key = new float[Dimension];
            memory.CopyKey(position, key);
            Leave(entry);
            _asked[entry.Label]--; // it was of the other class that it asked to enter
            _asked[label]++;
            Enter(new AdaptiveEntry(_nextId, label, EntryOrigin.Feedback, 1, []), 0);
            Apply(key);
            return _nextId - 1;
        }
    }

    private void AdaptBatch(
        ReadOnlySpan<float> rows, int first, AdaptivePredictions predictions, SearchOptions? options)
    {
        RequireIds(rows.Length / Dimension);
        MeasureBatch(rows);
        ReadOnlySpan<float> matched = Matched(rows, _rowStatistics);
        _vote.Predict(_bank.Snapshot(), matched, first, predictions, options);
        for (int row = 0; row < rows.Length / Dimension; row++)
        {
            if (predictions.LabelOf(first + row) is not { } label) continue;
            ReadOnlySpan<long> neighborIds = predictions.NeighborIdsOf(first + row);
            ReadOnlySpan<int> neighborLabels = predictions.NeighborLabelsOf(first + row);
            CountVotes(neighborIds, neighborLabels, label);
            double confidence = predictions.ConfidenceOf(first + row);
            if (confidence < Settings.ConfidenceThreshold) continue;
            var entry = new AdaptiveEntry(
                _nextId, label, EntryOrigin.Adapted, confidence, neighborIds.ToArray());
            if (Offer(entry, row, out long? evictedId)) predictions.SetAdded(first + row, entry.Id, evictedId);
        }

        _domains.Count(predictions, first, rows.Length / Dimension, Settings.ConfidenceThreshold);
        Apply(matched);
    }

    /// <summary>Ids are never given twice, so they have an end; nothing may change before it is seen.</summary>
    private void RequireIds(int count)
    {
        if (_nextId <= long.MaxValue - count) return;
        throw new InvalidOperationException(
            $"AdaptiveMemory must have ids left for {count} rows. Got next id {_nextId}. "
            + "Give source entries lower ids.");
    }

    private void RequireFinite(ReadOnlySpan<float> matched)
    {
        for (int start = 0; start < matched.Length; start += Dimension)
        {
            if (TensorPrimitives.IsFiniteAll(matched.Slice(start, Dimension))) continue;
            throw new ArgumentException(
                "rows must be finite once they are matched to the source's statistics. "
                + $"Got infinity in row {start / Dimension}.",
                "rows");
        }
    }

    private void MeasureBatch(ReadOnlySpan<float> rows)
    {
        if (_sourceStatistics is null) return;
        for (int start = 0; start < rows.Length; start += Dimension)
        {
            ReadOnlySpan<float> row = rows.Slice(start, Dimension);
            if (TensorPrimitives.IsFiniteAll(row)) _recent.Add(row);
        }

        _rowStatistics = FeatureStatistics.Of(_recent.ToArray(), Dimension);
    }

    private void Judge(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, SearchOptions? options)
    {
        var predictions = new AdaptivePredictions();
        predictions.Reset(labels.Length, ClassCount);
        _vote.Predict(_bank.Snapshot(), rows, 0, predictions, options);
        for (int row = 0; row < labels.Length; row++)
            CountVotes(predictions.NeighborIdsOf(row), predictions.NeighborLabelsOf(row), labels[row]);
    }

    private void CountVotes(ReadOnlySpan<long> ids, ReadOnlySpan<int> labels, int outcome)
    {
        for (int rank = 0; rank < ids.Length; rank++)
        {
            if (_entries.TryGetValue(ids[rank], out AdaptiveEntry? entry) && entry.Origin != EntryOrigin.Source)
                _policy.Voted(entry, labels[rank] == outcome);
        }
    }

    /// <summary>Lets an entry in, or refuses it, by the policy.</summary>
    private bool Offer(AdaptiveEntry entry, int row, out long? evictedId)
    {
        evictedId = null;
        var asked = new EntryCounts(++_asked[entry.Label], ++_askedOfAll);
        if (_entries.Count >= Capacity)
        {
            if (_policy.Choose(entry, asked) is not { } victim) return false;
            evictedId = victim.Id;
            Leave(victim);
        }

        Enter(entry, row);
        return true;
    }

    private void Enter(AdaptiveEntry entry, int row)
    {
        _nextId = entry.Id + 1;
        _entries.Add(entry.Id, entry);
        _policy.Add(entry);
        _arrivals.Add(new Arrival(entry, row));
    }

    private void Leave(AdaptiveEntry entry)
    {
        _entries.Remove(entry.Id);
        _policy.Remove(entry);
        if (entry.IsStored) _leaving.Add(entry.Id);
    }

    /// <summary>
    /// Brings what was decided for a batch to the bank; who came and left within it never gets there.
    /// </summary>
    private void Apply(ReadOnlySpan<float> rows)
    {
        if (_leaving.Count > 0) _bank.Remove(CollectionsMarshal.AsSpan(_leaving));
        Store(rows, EntryOrigin.Adapted);
        Store(rows, EntryOrigin.Feedback);
        _arrivals.Clear();
        _leaving.Clear();
    }

    /// <summary>Brings the entries of one origin that have come, and not left again, to the bank.</summary>
    private void Store(ReadOnlySpan<float> rows, EntryOrigin origin)
    {
        int length = _arrivals.Count * Dimension;
        if (_arrivingKeys.Length < length) _arrivingKeys = new float[length];
        _arrivingLabels.Clear();
        _arrivingIds.Clear();
        foreach ((AdaptiveEntry entry, int row) in _arrivals)
        {
            if (entry.Origin != origin || !_entries.ContainsKey(entry.Id)) continue;
            rows.Slice(row * Dimension, Dimension)
                .CopyTo(_arrivingKeys.AsSpan(_arrivingIds.Count * Dimension, Dimension));
            _arrivingLabels.Add(entry.Label);
            _arrivingIds.Add(entry.Id);
            entry.IsStored = true;
        }

        if (_arrivingIds.Count == 0) return;
        _bank.AddRange(
            _arrivingKeys.AsSpan(0, _arrivingIds.Count * Dimension),
            CollectionsMarshal.AsSpan(_arrivingLabels),
            default,
            CollectionsMarshal.AsSpan(_arrivingIds),
            origin);
    }

    private void CheckLabels(ReadOnlySpan<int> labels)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)ClassCount)
                throw new ArgumentException(
                    $"labels must be in [0, {ClassCount}). Got {labels[row]} in row {row}.", nameof(labels));
        }
    }
}
