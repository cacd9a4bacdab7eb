// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Collects the features of a block, has their neighbours found, then serves the columns row by row.</summary>
internal sealed class NeighborsScorer(
    NearestNeighborsTransformer transformer,
    DataViewRow input,
    FeatureReader features,
    Func<long>? ownId,
    Func<int>? group,
    int threadCount) : BlockScorer
{
    /// <summary>Number of the column of ids; the stored ones follow that of distances.</summary>
    public const int IdsOutput = 0;

    /// <summary>Number of the column of distances.</summary>
    public const int DistancesOutput = 1;

    private readonly FoundNeighbors _neighbors = new(transformer, threadCount);
    private readonly int _dimension = transformer.Dimension;
    private float[] _rows = [];
    private long[] _ownIds = [];
    private int[] _groups = [];
    private long[] _positions = []; // where rows come from, to tell the first without a group
    private int _reserved;
    private InvalidRows _invalid;
    private InvalidRows _ungrouped;

    /// <summary>The neighbours of the rows of the block.</summary>
    public FoundNeighbors Neighbors => _neighbors;

    /// <summary>The rows so far that have none since a feature is no number.</summary>
    public InvalidRows Invalid => _invalid;

    public override int MaxBlockRows => _neighbors.RowsWith(NeighborsMapping.BlockNeighbors);

    public override void Reserve(int rows)
    {
        if (_reserved >= rows) return;
        _reserved = rows;
        _rows = new float[rows * _dimension];
        _ownIds = ownId is null ? [] : new long[rows];
        _groups = group is null ? [] : new int[rows];
        _positions = group is null ? [] : new long[rows];
        _neighbors.Reserve(rows);
    }

    public override void Read(int slot)
    {
        Span<float> row = _rows.AsSpan(slot * _dimension, _dimension);
        features.Read(row);
        if (ownId is not null) _ownIds[slot] = ownId();
        _invalid = _invalid.After(input.Position, FeatureReader.IsFinite(row));
        if (group is null) return;
        _groups[slot] = group();
        _positions[slot] = input.Position;
    }

    public override void Score(int count)
    {
        _neighbors.Find(
            _rows.AsSpan(0, count * _dimension),
            _ownIds.AsSpan(0, Math.Min(count, _ownIds.Length)),
            _groups.AsSpan(0, Math.Min(count, _groups.Length)));
        for (int row = 0; row < Math.Min(count, _groups.Length); row++)
            _ungrouped = _ungrouped.After(_positions[row], _neighbors.HasGroup(row));
    }

    public override Delegate CreateGetter(int output, Func<int> slot) => output switch
    {
        IdsOutput => Getter(slot, _neighbors.IdOf),
        DistancesOutput => Getter(slot, _neighbors.DistanceOf),
        _ => transformer.Rows.Columns[output - DistancesOutput - 1].CreateGetter(slot, _neighbors),
    };

    public override void Finish()
    {
        if (_invalid.Count > 0) transformer.WarnOfInvalidRows(_invalid);
        if (_ungrouped.Count > 0) transformer.WarnOfUngroupedRows(_ungrouped);
    }

    private ValueGetter<VBuffer<T>> Getter<T>(Func<int> slot, Func<int, int, T> valueOf) => (ref VBuffer<T> value) =>
    {
        int row = slot();
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _neighbors.CountOf(row));
        for (int rank = 0; rank < editor.Values.Length; rank++) editor.Values[rank] = valueOf(row, rank);
        value = editor.Commit();
    };
}
