// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class QuantizedIndex
{
    private const double CompactWhenRemoved = 0.2;
    private const int FewRemoved = 64;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
        Check.Finite(vectors, Dimension, nameof(vectors));

        lock (_turn)
        {
            CheckFree(ids);
            if (ids.IsEmpty) return;
            if (_state.End > int.MaxValue - ids.Length)
                throw new InvalidOperationException(
                    $"The index must have at most {int.MaxValue} entries. Got {ids.Length} more than fit.");
            QuantizedState state = Appended(_state, ids, vectors);
            bool isEnough = state.Quantizer is null && state.Count >= Settings.TrainingCount;
            if (isEnough) Publish(Rewritten(state, Train(state)));
            else Publish(state, _state.End);
        }
    }

    /// <inheritdoc/>
    public void Remove(ReadOnlySpan<long> ids)
    {
        lock (_turn)
        {
            CheckStored(ids);
            if (ids.IsEmpty) return;
            var removedRows = new List<int>?[_state.Views.Length];
            foreach (long id in ids)
            {
                (int view, int row) = _state.Locate(_positions[id]);
                (removedRows[view] ??= []).Add(row);
            }

            QuantizedBlockView[] views =
                [.. _state.Views.Select((view, index) => removedRows[index] is { } rows ? view.Without(rows) : view)];
            QuantizedState state = _state with { Views = views, Count = _state.Count - ids.Length };
            int removed = state.End - state.Count;
            if (removed >= FewRemoved && removed > CompactWhenRemoved * state.End)
            {
                Publish(Rewritten(state, state.Quantizer));
                return;
            }

            foreach (long id in ids) _positions.Remove(id);
            _state = state;
        }
    }

    private void CheckFree(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        for (int row = 0; row < ids.Length; row++)
        {
            if (!named.Add(ids[row]) || _positions.ContainsKey(ids[row]))
                throw new ArgumentException(
                    $"ids must be free and differ. Got {ids[row]} again in row {row}.", nameof(ids));
        }
    }

    private void CheckStored(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        foreach (long id in ids)
        {
            if (!_positions.ContainsKey(id))
                throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
            if (!named.Add(id))
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
        }
    }

    /// <summary>Gives the state with some more rows.</summary>
    private QuantizedState Appended(QuantizedState state, ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        ProductQuantizer? quantizer = state.Quantizer;
        bool keepsVectors = Settings.KeepVectors || quantizer is null;
        var writer = new QuantizedBlockWriter(state.Views, Dimension, quantizer?.SubspaceCount ?? 0, keepsVectors);
        writer.Append(ids, quantizer is null ? [] : QuantizedCoding.Encode(quantizer, Metric, vectors), vectors);
        return state with { Views = writer.Views, Count = state.Count + ids.Length, End = writer.End };
    }

    private ProductQuantizer Train(QuantizedState state) => QuantizedCoding.Train(
        [.. Live(state)],
        (position, vector) => CopyVector(state, position, vector),
        Dimension,
        Metric,
        Settings);

    private static void CopyVector(QuantizedState state, int position, Span<float> vector)
    {
        (int view, int row) = state.Locate(position);
        state.Views[view].Block.CopyVector(row, vector);
    }

    private static IEnumerable<int> Live(QuantizedState state)
    {
        foreach (QuantizedBlockView view in state.Views)
        {
            for (int row = 0; row < view.Count; row++)
            {
                if (!view.IsRemoved(row)) yield return view.Block.Start + row;
            }
        }
    }

    /// <summary>Gives the live rows in new blocks, coded by codebooks that may be new.</summary>
    private QuantizedState Rewritten(QuantizedState state, ProductQuantizer? quantizer)
    {
        int m = quantizer?.SubspaceCount ?? 0;
        bool keepsVectors = Settings.KeepVectors || quantizer is null;
        var writer = new QuantizedBlockWriter([], Dimension, m, keepsVectors);
        foreach (int[] positions in Live(state).Chunk(QuantizedColumn.GroupRows * 16))
        {
            float[] vectors = keepsVectors || state.Quantizer is null ? new float[positions.Length * Dimension] : [];
            byte[] codes = state.Quantizer is null ? [] : new byte[positions.Length * m];
            for (int row = 0; row < positions.Length; row++)
            {
                if (vectors.Length > 0)
                    CopyVector(state, positions[row], vectors.AsSpan(row * Dimension, Dimension));
                if (codes.Length == 0) continue;
                (int view, int place) = state.Locate(positions[row]);
                state.Views[view].Block.Codes.CopyTo(place, codes.AsSpan(row * m, m));
            }

            if (codes.Length == 0 && quantizer is not null) codes = QuantizedCoding.Encode(quantizer, Metric, vectors);
            writer.Append(Array.ConvertAll(positions, state.IdAt), codes, vectors);
        }

        return new QuantizedState(quantizer, writer.Views, state.Count, writer.End);
    }

    /// <summary>Publishes a state whose positions are new.</summary>
    private void Publish(QuantizedState state)
    {
        _positions = new Dictionary<long, int>(state.Count);
        Publish(state, 0);
    }

    /// <summary>Publishes a state with rows from a position on that were not there before.</summary>
    private void Publish(QuantizedState state, int start)
    {
        for (int position = start; position < state.End; position++) _positions.Add(state.IdAt(position), position);
        _state = state;
    }
}
