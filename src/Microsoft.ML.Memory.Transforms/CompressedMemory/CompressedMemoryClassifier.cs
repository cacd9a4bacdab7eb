// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Numerics.Tensors;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads the codes of a compressed memory for blocks of rows.</summary>
internal sealed class CompressedMemoryClassifier : BlockClassifier
{
    private readonly CompressedBank _bank;
    private readonly ICodeReader? _reader;
    private readonly ParallelOptions _parallel;
    private readonly float[] _prior;
    private float[] _rows = [];
    private float[] _scores = [];
    private uint[] _labels = [];

    /// <param name="bank">The bank.</param>
    /// <param name="reader">Who reads it; null where it is empty.</param>
    /// <param name="threadCount">Threads that a block may use.</param>
    public CompressedMemoryClassifier(CompressedBank bank, ICodeReader? reader, int threadCount)
    {
        _bank = bank;
        _reader = reader;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        _prior = PriorOf(bank);
    }

    public override void Reserve(int rows)
    {
        _rows = new float[rows * _bank.Codebook.Dimension];
        _scores = new float[rows * _bank.ClassCount];
        _labels = new uint[rows];
    }

    public override void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores)
    {
        rows.CopyTo(_rows);
        if (labels.Length == 1) Classify(0);
        else Parallel.For(0, labels.Length, _parallel, Classify);
        _labels.AsSpan(0, labels.Length).CopyTo(labels);
        _scores.AsSpan(0, scores.Length).CopyTo(scores);
    }

    private void Classify(int row)
    {
        int d = _bank.Codebook.Dimension;
        int classCount = _bank.ClassCount;
        Span<float> features = _rows.AsSpan(row * d, d);
        Span<float> scores = _scores.AsSpan(row * classCount, classCount);
        if (_reader is null || !FeatureReader.IsFinite(features))
        {
            _prior.CopyTo(scores);
            _labels[row] = 0;
            return;
        }

        Codebook.Prepare(features, d, _bank.Codebook.Settings);
        double[] lent = ArrayPool<double>.Shared.Rent(classCount + _reader.ScratchLength);
        Span<double> votes = lent.AsSpan(0, classCount);
        _reader.Read(features, votes, lent.AsSpan(classCount));
        for (int index = 0; index < classCount; index++) scores[index] = (float)votes[index];
        _labels[row] = (uint)TensorPrimitives.IndexOfMax<double>(votes) + 1;
        ArrayPool<double>.Shared.Return(lent);
    }

    private static float[] PriorOf(CompressedBank bank)
    {
        float[] prior = new float[bank.ClassCount];
        if (bank.Count == 0)
        {
            Array.Fill(prior, 1f / prior.Length);
            return prior;
        }

        for (int code = 0; code < bank.Codebook.Count; code++)
        {
            ReadOnlySpan<long> counts = bank.HistogramOf(code);
            for (int label = 0; label < prior.Length; label++) prior[label] += counts[label];
        }

        for (int label = 0; label < prior.Length; label++) prior[label] /= bank.Count;
        return prior;
    }
}
