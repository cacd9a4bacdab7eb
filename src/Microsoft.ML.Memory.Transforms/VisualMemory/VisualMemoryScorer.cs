// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Searches and votes for blocks of rows, then serves prediction, scores and neighbours.</summary>
internal sealed class VisualMemoryScorer : BlockScorer
{
    private const int LabelOutput = 0;
    private const int ScoreOutput = 1;

    private readonly VisualMemoryMapping _mapping;
    private readonly FeatureReader _features;
    private readonly DataViewRow _input;
    private readonly SearchOptions _searchOptions;
    private readonly NeighborTable _neighbors = new();
    private readonly VisualMemoryVote _vote;
    private readonly NeighborColumns[] _neighborOutputs;
    private readonly int _dimension;
    private readonly int _classCount;
    private readonly int _weightStride;
    private float[] _queries = [];
    private uint[] _predicted = [];
    private float[] _scores = [];
    private float[] _weights = [];
    private long _rowCount;
    private long _invalidCount;
    private long _firstInvalid;

    public VisualMemoryScorer(VisualMemoryMapping mapping, FeatureReader features, DataViewRow input, int threadCount)
    {
        _mapping = mapping;
        _features = features;
        _input = input;
        _dimension = mapping.Memory.Dimension;
        _classCount = mapping.ClassCount;
        _searchOptions = new SearchOptions { ThreadCount = threadCount };
        _neighborOutputs = [.. ClassifierColumns.Each(mapping.Options.NeighborColumns)];
        _vote = new VisualMemoryVote(mapping);
        _weightStride = Math.Max(1, Math.Min(mapping.Options.NeighborCount, mapping.Memory.Count));
    }

    public override void Reserve(int rows)
    {
        if (_predicted.Length >= rows) return;
        _queries = new float[rows * _dimension];
        _predicted = new uint[rows];
        _scores = new float[rows * _classCount];
        _weights = new float[rows * _weightStride];
    }

    public override void Read(int slot)
    {
        Span<float> query = _queries.AsSpan(slot * _dimension, _dimension);
        _features.Read(query);
        _rowCount++;
        if (FeatureReader.IsFinite(query)) return;
        if (_invalidCount++ == 0) _firstInvalid = _input.Position;
    }

    public override void Score(int count)
    {
        _mapping.Memory.Search(
            _queries.AsSpan(0, count * _dimension), _mapping.Options.NeighborCount, _neighbors, _searchOptions);
        for (int row = 0; row < count; row++)
        {
            _predicted[row] = _vote.Count(
                _neighbors,
                row,
                _scores.AsSpan(row * _classCount, _classCount),
                _weights.AsSpan(row * _weightStride, _weightStride));
        }
    }

    public override Delegate CreateGetter(int output, Func<int> slot) => output switch
    {
        LabelOutput => new ValueGetter<uint>((ref uint value) => value = _predicted[slot()]),
        ScoreOutput => Getter<float>(slot, row => _scores.AsSpan(row * _classCount, _classCount)),
        _ => NeighborGetter(_neighborOutputs[output - ScoreOutput - 1], slot),
    };

    public override void Finish()
    {
        if (_invalidCount == 0) return;
        using IChannel channel = _mapping.Environment.Register(nameof(VisualMemoryTransformer)).Start("Transform");
        channel.Warning(
            MessageSensitivity.Schema,
            $"Column '{_mapping.Options.FeatureColumnName}' should hold finite numbers. Got NaN or infinity in "
            + $"{_invalidCount} of {_rowCount} rows, first in row {_firstInvalid}; they have no prediction.");
    }

    private Delegate NeighborGetter(NeighborColumns kind, Func<int> slot) => kind switch
    {
        NeighborColumns.Ids => Getter(slot, row => _neighbors.IdsOf(row)),
        NeighborColumns.Distances => Getter(slot, row => _neighbors.DistancesOf(row)),
        NeighborColumns.Labels => LabelGetter(slot),
        _ => Getter<float>(slot, row => _weights.AsSpan(row * _weightStride, _neighbors.CountOf(row))),
    };

    private ValueGetter<VBuffer<uint>> LabelGetter(Func<int> slot) => (ref VBuffer<uint> value) =>
    {
        ReadOnlySpan<int> positions = _neighbors.PositionsOf(slot());
        VBufferEditor<uint> editor = VBufferEditor.Create(ref value, positions.Length);
        for (int rank = 0; rank < positions.Length; rank++)
            editor.Values[rank] = (uint)_mapping.Memory.LabelAt(positions[rank]) + 1;

        value = editor.Commit();
    };

    private static ValueGetter<VBuffer<T>> Getter<T>(Func<int> slot, RowValues<T> values) => (ref VBuffer<T> value) =>
    {
        ReadOnlySpan<T> row = values(slot());
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    };

    private delegate ReadOnlySpan<T> RowValues<T>(int row);
}
