// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Finds the pairs of blocks of rows and turns the logits of their values into scores.</summary>
internal sealed class KeyValueBottleneckClassifier : BlockClassifier
{
    private readonly KeyValueBottleneck _model;
    private readonly BottleneckReader _reader;
    private readonly ParallelOptions _parallel;
    private readonly double[] _prior;
    private readonly double[] _logits;
    private float[] _finite = [];

    public KeyValueBottleneckClassifier(KeyValueBottleneck model, int threadCount)
    {
        _model = model;
        _reader = model.CreateReader();
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        double total = Math.Max(1, model.ClassRows.ToArray().Sum());
        _prior = Array.ConvertAll(model.ClassRows.ToArray(), rows => rows / total);
        _logits = new double[model.ClassCount];
    }

    public override void Reserve(int rows) => _finite = new float[rows * _model.Dimension];

    public override void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores)
    {
        int d = _model.Dimension;
        rows.CopyTo(_finite);
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = FeatureReader.IsFinite(rows.Slice(row * d, d)) ? 1u : 0;
            if (labels[row] == 0) _finite.AsSpan(row * d, d).Clear();
        }

        _reader.Read(_finite.AsSpan(0, rows.Length), _parallel);
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> own = scores.Slice(row * _logits.Length, _logits.Length);
            if (labels[row] == 0)
            {
                for (int index = 0; index < own.Length; index++) own[index] = (float)_prior[index];
                continue;
            }

            _model.ReadLogits(_reader, row, _logits);
            int winner = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(_logits);
            Softmax.Of(_logits);
            for (int index = 0; index < own.Length; index++) own[index] = (float)_logits[index];
            labels[row] = (uint)winner + 1;
        }
    }
}
