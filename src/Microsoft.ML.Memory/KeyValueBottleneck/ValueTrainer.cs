// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Learns values by plain gradient descent on the cross entropy; only fetched pairs ever change.</summary>
/// <remarks>
/// <para>Logits are means over the heads, so the gradient of a fetched value is the mean over the batch of p - target,
/// divided by the number of heads. There is neither momentum nor weight decay, which would change other pairs.</para>
/// <para>Work is split by rows and by heads, each of which is summed in order: the thread count changes no bit.</para>
/// </remarks>
internal sealed class ValueTrainer
{
    private const double ClipEpsilon = 1e-6;

    private readonly BottleneckSettings _settings;
    private readonly ValueTable _table;
    private readonly int[][] _pairs;
    private readonly int[] _labels;
    private readonly ParallelOptions _parallel;
    private readonly float[] _gradients;
    private readonly int[] _steps;
    private readonly double[] _squaredNorms;
    private readonly double[] _losses;
    private readonly double[] _errors;
    private int _step;

    /// <param name="settings">How to learn.</param>
    /// <param name="table">Changed by every step.</param>
    /// <param name="pairs">[heads] for each head the pairs of all rows, [n, fetches].</param>
    /// <param name="labels">[n] classes.</param>
    /// <param name="threadCount">Threads to use.</param>
    public ValueTrainer(
        BottleneckSettings settings, ValueTable table, int[][] pairs, int[] labels, int threadCount)
    {
        _settings = settings;
        _table = table;
        _pairs = pairs;
        _labels = labels;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        _gradients = new float[table.Values.Length];
        _steps = new int[table.Uses.Length];
        _squaredNorms = new double[table.HeadCount];
        int batchSize = Math.Min(settings.BatchSize, labels.Length);
        _losses = new double[batchSize];
        _errors = new double[batchSize * table.ClassCount];
    }

    /// <summary>Norm of the last step's gradient, before it was clipped.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Passes over all rows as often as the settings say.</summary>
    public void Train(SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, _labels.Length)];
        for (int epoch = 0; epoch < _settings.Epochs; epoch++)
        {
            if (_settings.Shuffle) random.Shuffle(order.AsSpan());
            for (int first = 0; first < order.Length; first += _settings.BatchSize)
                Step(order.AsMemory(first, Math.Min(_settings.BatchSize, order.Length - first)));
        }
    }

    /// <summary>Learns from one batch.</summary>
    /// <param name="rows">[b] rows of the batch.</param>
    /// <returns>Mean loss of the batch before the step.</returns>
    public double Step(ReadOnlyMemory<int> rows)
    {
        _step++;
        int count = rows.Length;
        Parallel.For(0, count, _parallel, index => Predict(rows.Span[index], index, count));
        Parallel.For(0, _table.HeadCount, _parallel, head => Accumulate(head, rows.Span));
        GradientNorm = Math.Sqrt(_squaredNorms.Sum());
        double scale = _settings.LearningRateScale == LearningRateScale.PerHead ? _table.HeadCount : 1;
        double clip = _settings.GradientClip is { } most ? Math.Min(1, most / (GradientNorm + ClipEpsilon)) : 1;
        var rate = (float)(_settings.LearningRate * scale * clip);
        Parallel.For(0, _table.HeadCount, _parallel, head => Apply(head, rows.Span, rate));
        return _losses.AsSpan(0, count).ToArray().Sum() / count;
    }

    /// <summary>Sets the values of pairs that training fetches for the first time to their class log-odds.</summary>
    public void StartAtLogOdds()
    {
        double[] classes = new double[_table.ClassCount];
        foreach (int label in _labels) classes[label]++;
        Parallel.For(0, _table.HeadCount, _parallel, head => StartAtLogOdds(head, classes));
    }

    private void StartAtLogOdds(int head, double[] classes)
    {
        int fetches = _settings.FetchCount;
        int classCount = classes.Length;
        double[] counts = new double[_table.PairCount * classCount];
        double[] totals = new double[_table.PairCount];
        for (int place = 0; place < _pairs[head].Length; place++)
        {
            int pair = _pairs[head][place];
            counts[(pair * classCount) + _labels[place / fetches]]++;
            totals[pair]++;
        }

        Span<long> uses = _table.UsesOf(head);
        for (int pair = 0; pair < totals.Length; pair++)
        {
            if (totals[pair] == 0) continue;
            bool isNew = uses[pair] == 0;
            if (_settings.Epochs == 0) uses[pair] += (long)totals[pair];
            if (!isNew) continue;
            Span<float> values = _table.ValuesOf(head, pair);
            for (int index = 0; index < classCount; index++)
            {
                if (classes[index] == 0) continue;
                double here = (counts[(pair * classCount) + index] + 1) / (totals[pair] + classCount);
                double anywhere = (classes[index] + 1) / (_labels.Length + classCount);
                values[index] = (float)Math.Log(here / anywhere);
            }
        }
    }

    private void Predict(int row, int index, int count)
    {
        Span<double> errors = _errors.AsSpan(index * _table.ClassCount, _table.ClassCount);
        _table.Logits(_pairs, row, _settings.FetchCount, errors);
        Softmax.Of(errors);
        double loss = 0;
        double spread = _settings.LabelSmoothing / errors.Length;
        for (int label = 0; label < errors.Length; label++)
        {
            double target = spread + (label == _labels[row] ? 1 - _settings.LabelSmoothing : 0);
            if (target > 0) loss -= target * Math.Log(errors[label]);
            errors[label] = (errors[label] - target) / ((double)count * _table.HeadCount);
        }

        _losses[index] = loss;
    }

    private void Accumulate(int head, ReadOnlySpan<int> rows)
    {
        double squared = 0;
        int classCount = _table.ClassCount;
        for (int index = 0; index < rows.Length; index++)
        {
            foreach (int pair in PairsOf(head, rows[index]))
            {
                int place = (head * _table.PairCount) + pair;
                Span<float> gradient = _gradients.AsSpan(place * classCount, classCount);
                if (_steps[place] != _step)
                {
                    _steps[place] = _step;
                    gradient.Clear();
                }

                for (int label = 0; label < classCount; label++)
                {
                    // The running sum of squares needs only the change of each square.
                    double before = gradient[label];
                    gradient[label] += (float)_errors[(index * classCount) + label];
                    squared += ((double)gradient[label] * gradient[label]) - (before * before);
                }
            }
        }

        _squaredNorms[head] = Math.Max(0, squared);
    }

    private void Apply(int head, ReadOnlySpan<int> rows, float rate)
    {
        Span<long> uses = _table.UsesOf(head);
        foreach (int row in rows)
        {
            foreach (int pair in PairsOf(head, row))
            {
                uses[pair]++;
                int place = (head * _table.PairCount) + pair;
                if (_steps[place] != _step) continue;
                _steps[place] = 0;
                Span<float> values = _table.ValuesOf(head, pair);
                ReadOnlySpan<float> gradient = _gradients.AsSpan(place * values.Length, values.Length);
                for (int label = 0; label < values.Length; label++) values[label] -= rate * gradient[label];
            }
        }
    }

    private ReadOnlySpan<int> PairsOf(int head, int row)
        => _pairs[head].AsSpan(row * _settings.FetchCount, _settings.FetchCount);
}
