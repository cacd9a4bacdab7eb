// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Collects the features of a block, has them classified, then serves the columns row by row.</summary>
internal sealed class ClassifierScorer(
    BlockClassifier classifier,
    IRowReader features,
    CandidateReader? candidates,
    DataViewRow input,
    int dimension,
    int classCount,
    Action<InvalidRows> warn) : BlockScorer
{
    private const int LabelOutput = 0;
    private const int ScoreOutput = 1;

    private float[] _rows = [];
    private uint[] _labels = [];
    private float[] _scores = [];
    private InvalidRows _invalid;

    public override void Reserve(int rows)
    {
        if (_labels.Length >= rows) return;
        _rows = new float[rows * dimension];
        _labels = new uint[rows];
        _scores = new float[rows * classCount];
        classifier.Reserve(rows);
    }

    public override void Read(int slot)
    {
        Span<float> row = _rows.AsSpan(slot * dimension, dimension);
        features.Read(row);
        candidates?.Read(slot);
        _invalid = _invalid.After(input.Position, FeatureReader.IsFinite(row));
    }

    public override void Score(int count) => classifier.Classify(
        _rows.AsSpan(0, count * dimension), _labels.AsSpan(0, count), _scores.AsSpan(0, count * classCount));

    public override Delegate CreateGetter(int output, Func<int> slot) => output switch
    {
        LabelOutput => new ValueGetter<uint>((ref uint value) => value = _labels[slot()]),
        ScoreOutput => RowVector.Getter<float>(slot, row => _scores.AsSpan(row * classCount, classCount)),
        _ => classifier.CreateGetter(output - ScoreOutput - 1, slot),
    };

    public override void Finish()
    {
        if (_invalid.Count > 0) warn(_invalid);
    }
}
