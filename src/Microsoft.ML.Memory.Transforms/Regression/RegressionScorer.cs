// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Has the neighbours of a block found, takes the means of their labels, then serves both.</summary>
internal sealed class RegressionScorer(NearestNeighborsRegressionTransformer transformer, NeighborsScorer finder)
    : BlockScorer
{
    private const int ScoreOutput = 0;

    private readonly NeighborMean _mean = new(transformer, finder.Neighbors);
    private readonly NeighborColumns[] _columns =
        [.. ClassifierColumns.Each(transformer.Options.NeighborColumns)];

    private float[] _scores = [];

    public override int MaxBlockRows => finder.MaxBlockRows;

    public override void Reserve(int rows)
    {
        finder.Reserve(rows);
        if (_scores.Length < rows) _scores = new float[rows];
    }

    public override void Read(int slot) => finder.Read(slot);

    public override void Score(int count)
    {
        finder.Score(count);
        for (int row = 0; row < count; row++) _scores[row] = _mean.Of(row);
    }

    public override Delegate CreateGetter(int output, Func<int> slot) => output == ScoreOutput
        ? new ValueGetter<float>((ref float value) => value = _scores[slot()])
        : _columns[output - ScoreOutput - 1] switch
        {
            NeighborColumns.Ids => finder.CreateGetter(NeighborsScorer.IdsOutput, slot),
            NeighborColumns.Distances => finder.CreateGetter(NeighborsScorer.DistancesOutput, slot),
            NeighborColumns.Labels => transformer.Labels.CreateGetter(slot, finder.Neighbors),
            _ => WeightGetter(slot),
        };

    public override void Finish()
    {
        if (finder.Invalid.Count > 0) transformer.WarnOfInvalidRows(finder.Invalid);
    }

    private ValueGetter<VBuffer<float>> WeightGetter(Func<int> slot) => (ref VBuffer<float> value) =>
    {
        int row = slot();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, finder.Neighbors.CountOf(row));
        _mean.CopyShares(row, editor.Values);
        value = editor.Commit();
    };
}
