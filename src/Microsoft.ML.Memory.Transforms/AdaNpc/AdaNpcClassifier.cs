// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Predicts blocks of rows, adapting from block to block where it serves a pass.</summary>
internal sealed class AdaNpcClassifier : BlockClassifier
{
    private readonly AdaptiveMemory _memory;
    private readonly bool _isAdapting;
    private readonly double[] _prior;
    private readonly SearchOptions _searchOptions;
    private readonly NeighborColumns[] _columns;
    private readonly AdaptivePredictions _predictions = new();

    /// <param name="options">What to add.</param>
    /// <param name="memory">Who predicts; belongs to this classifier where it adapts.</param>
    /// <param name="isAdapting">Whether rows are remembered.</param>
    /// <param name="threadCount">Threads that a search may use.</param>
    public AdaNpcClassifier(AdaNpcOptions options, AdaptiveMemory memory, bool isAdapting, int threadCount)
    {
        _memory = memory;
        _isAdapting = isAdapting;
        _prior = ClassPrior.Of(memory.Memory(), memory.ClassCount);
        _searchOptions = new SearchOptions { ThreadCount = threadCount };
        _columns = [.. ClassifierColumns.Each(options.NeighborColumns)];
    }

    public override void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores)
    {
        if (_isAdapting) _memory.Adapt(rows, _predictions, _searchOptions);
        else _memory.Predict(rows, _predictions, _searchOptions);
        int classCount = _memory.ClassCount;
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = _predictions.LabelOf(row) is { } label ? (uint)label + 1 : 0;
            _predictions.CopyScores(row, _memory.Settings, _prior, scores.Slice(row * classCount, classCount));
        }
    }

    public override Delegate CreateGetter(int column, Func<int> slot)
    {
        if (column == _columns.Length)
            return new ValueGetter<float>((ref float value) => value = (float)_predictions.ConfidenceOf(slot()));
        return _columns[column] switch
        {
            NeighborColumns.Ids => RowVector.Getter(slot, row => _predictions.NeighborIdsOf(row)),
            NeighborColumns.Distances => RowVector.Getter(slot, row => _predictions.NeighborDistancesOf(row)),
            NeighborColumns.Labels => LabelGetter(slot),
            _ => RowVector.Getter(slot, row => _predictions.NeighborWeightsOf(row)),
        };
    }

    private ValueGetter<VBuffer<uint>> LabelGetter(Func<int> slot) => (ref VBuffer<uint> value) =>
    {
        ReadOnlySpan<int> labels = _predictions.NeighborLabelsOf(slot());
        VBufferEditor<uint> editor = VBufferEditor.Create(ref value, labels.Length);
        for (int rank = 0; rank < labels.Length; rank++) editor.Values[rank] = (uint)labels[rank] + 1;
        value = editor.Commit();
    };
}
