// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Searches and votes for blocks of rows, then serves the neighbours.</summary>
internal sealed class VisualMemoryClassifier : BlockClassifier
{
    private readonly BankSnapshot _memory;
    private readonly NeighborFinder _finder;
    private readonly int _neighborCount;
    private readonly int _classCount;
    private readonly SearchOptions _searchOptions;
    private readonly NeighborTable _neighbors = new();
    private readonly ClassLevels _levels;
    private readonly VisualMemoryVote _vote;
    private readonly NeighborColumns[] _columns;
    private readonly int _weightStride;
    private float[] _weights = [];
    private float[] _unknown = [];
    private bool[] _isUnknown = [];

    /// <param name="transformer">The memory.</param>
    /// <param name="finder">Who finds the neighbours.</param>
    /// <param name="threadCount">Threads that a search may use.</param>
    public VisualMemoryClassifier(VisualMemoryTransformer transformer, NeighborFinder finder, int threadCount)
    {
        _memory = transformer.Model;
        _finder = finder;
        Candidates = finder.Candidates;
        _neighborCount = transformer.Options.NeighborCount;
        _classCount = transformer.ClassCount;
        _searchOptions = new SearchOptions { ThreadCount = threadCount };
        _levels = transformer.Levels;
        _vote = new VisualMemoryVote(transformer);
        _columns = [.. ClassifierColumns.Each(transformer.Options.NeighborColumns)];
        _weightStride = Math.Max(1, Math.Min(_neighborCount, _memory.Count));
    }

    public override void Reserve(int rows)
    {
        _weights = new float[rows * _weightStride];
        _unknown = new float[rows];
        _isUnknown = new bool[rows];
    }

    public override void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores)
    {
        _finder.Find(rows, _neighborCount, _neighbors, _searchOptions);
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = _vote.Count(
                _neighbors,
                row,
                scores.Slice(row * _classCount, _classCount),
                _weights.AsSpan(row * _weightStride, _weightStride));
            _unknown[row] = _vote.Unknown;
            _isUnknown[row] = _vote.IsUnknown;
        }
    }

    public override Delegate CreateGetter(int column, Func<int> slot)
        => column < _columns.Length
            ? NeighborGetter(_columns[column], slot)
            : column == _columns.Length
                ? new ValueGetter<bool>((ref bool value) => value = _isUnknown[slot()])
                : new ValueGetter<float>((ref float value) => value = _unknown[slot()]);

    private Delegate NeighborGetter(NeighborColumns column, Func<int> slot) => column switch
    {
        NeighborColumns.Ids => RowVector.Getter(slot, row => _neighbors.IdsOf(row)),
        NeighborColumns.Distances => RowVector.Getter(slot, row => _neighbors.DistancesOf(row)),
        NeighborColumns.Labels => LabelGetter(slot),
        _ => RowVector.Getter<float>(slot, row => _weights.AsSpan(row * _weightStride, _neighbors.CountOf(row))),
    };

    private ValueGetter<VBuffer<uint>> LabelGetter(Func<int> slot) => (ref VBuffer<uint> value) =>
    {
        ReadOnlySpan<int> positions = _neighbors.PositionsOf(slot());
        VBufferEditor<uint> editor = VBufferEditor.Create(ref value, positions.Length);
        for (int rank = 0; rank < positions.Length; rank++)
            editor.Values[rank] = (uint)_levels.VotedOf(_memory.LabelAt(positions[rank])) + 1;

        value = editor.Commit();
    };
}
