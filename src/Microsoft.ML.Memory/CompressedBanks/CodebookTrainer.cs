// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains a codebook by gradients, and moves codes that nobody uses to rows of the batch.</summary>
/// <remarks>
/// <para>Loss = (1 + beta) · mean of (code - row)^2 over rows and features. Per batch: rows find their codes, usage
/// follows as a moving average, dead codes move to random rows and get the mean usage, then Adam takes a step with the
/// gradient of the codes as the rows found them.</para>
/// <para>Belongs to one thread at a time; sums are taken in order, so the thread count changes no bit.</para>
/// </remarks>
internal sealed class CodebookTrainer
{
    private readonly CodebookSettings _settings;
    private readonly int _dimension;
    private readonly double[] _codes;
    private readonly Adam _adam;
    private readonly double[] _gradients;
    private readonly double[] _usage;
    private readonly long[] _histogram;
    private int[] _nearest = [];

    /// <param name="settings">How to train.</param>
    /// <param name="codes">[K, d] codes to start from.</param>
    /// <param name="dimension">d.</param>
    public CodebookTrainer(CodebookSettings settings, double[] codes, int dimension)
    {
        _settings = settings;
        _dimension = dimension;
        _codes = codes;
        _adam = new Adam(codes.Length);
        _gradients = new double[codes.Length];
        _usage = new double[codes.Length / dimension];
        _histogram = new long[_usage.Length];
    }

    /// <summary>[K, d] the codes by now.</summary>
    public ReadOnlySpan<double> Codes => _codes;

    /// <summary>[K, d] gradient of the last step's codebook loss.</summary>
    public ReadOnlySpan<double> Gradients => _gradients;

    /// <summary>[K] moving average of how many rows of a batch use each code.</summary>
    public ReadOnlySpan<double> Usage => _usage;

    /// <summary>[b] codes that the rows of the last batch found.</summary>
    public ReadOnlySpan<int> Nearest => _nearest;

    /// <summary>Perplexity of the codes that the last batch used.</summary>
    public double Perplexity => CodePerplexity.Of(_histogram);

    /// <summary>Trains a codebook from random codes.</summary>
    /// <param name="rows">[n, d], prepared.</param>
    /// <param name="dimension">d.</param>
    /// <param name="settings">How to train.</param>
    public static Codebook Train(float[] rows, int dimension, CodebookSettings settings)
    {
        var random = new SeededRandom(settings.Seed);
        double[] codes = new double[settings.CodeCount * dimension];
        foreach (ref double value in codes.AsSpan()) value = ((2 * random.NextDouble()) - 1) / settings.CodeCount;
        var trainer = new CodebookTrainer(settings, codes, dimension);
        int count = rows.Length / dimension;
        int[] order = [.. Enumerable.Range(0, count)];
        float[] batch = new float[Math.Min(settings.BatchSize, count) * dimension];
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            if (settings.Shuffle) random.Shuffle(order.AsSpan());
            for (int first = 0; first < count; first += settings.BatchSize)
            {
                int rowCount = Math.Min(settings.BatchSize, count - first);
                for (int row = 0; row < rowCount; row++)
                {
                    rows.AsSpan(order[first + row] * dimension, dimension)
                        .CopyTo(batch.AsSpan(row * dimension, dimension));
                }

                int[] replacements = [.. Enumerable.Range(0, rowCount)];
                random.Shuffle(replacements.AsSpan());
                trainer.Step(batch.AsSpan(0, rowCount * dimension), replacements);
            }
        }

        return new Codebook(settings, trainer.Narrow(), dimension);
    }

    /// <summary>Learns from one batch.</summary>
    /// <param name="rows">[b, d], b at least 1.</param>
    /// <param name="replacements">[b] rows in the order in which dead codes move to them.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(ReadOnlySpan<float> rows, ReadOnlySpan<int> replacements)
    {
        int rowCount = rows.Length / _dimension;
        _nearest = new int[rowCount];
        Codebook.EncodePrepared(Codebook.IndexOf(Narrow(), _dimension), rows, _nearest);
        double loss = Differentiate(rows);
        CountUsage();
        Replace(rows, replacements);
        _adam.BeginStep();
        Parallel.For(0, _usage.Length, Advance);
        return loss;
    }

    private float[] Narrow() => Array.ConvertAll(_codes, value => (float)value);

    private double Differentiate(ReadOnlySpan<float> rows)
    {
        _gradients.AsSpan().Clear();
        _histogram.AsSpan().Clear();
        double squares = 0;
        for (int row = 0; row < _nearest.Length; row++)
        {
            ReadOnlySpan<float> features = rows.Slice(row * _dimension, _dimension);
            Span<double> code = _codes.AsSpan(_nearest[row] * _dimension, _dimension);
            Span<double> gradient = _gradients.AsSpan(_nearest[row] * _dimension, _dimension);
            for (int index = 0; index < features.Length; index++)
            {
                double difference = code[index] - features[index];
                squares += difference * difference;
                gradient[index] += 2 * difference / rows.Length;
            }

            _histogram[_nearest[row]]++;
        }

        return (1 + _settings.CommitmentWeight) * squares / rows.Length;
    }

    private void CountUsage()
    {
        for (int code = 0; code < _usage.Length; code++)
            _usage[code] = (_settings.UsageDecay * _usage[code]) + ((1 - _settings.UsageDecay) * _histogram[code]);
    }

    private void Replace(ReadOnlySpan<float> rows, ReadOnlySpan<int> replacements)
    {
        if (_settings.Reset == CodeReset.Never) return;
        double mean = _usage.Sum() / _usage.Length;
        double threshold = _settings.ResetThreshold * (_settings.Reset == CodeReset.BelowShareOfMean ? mean : 1);
        int used = 0;
        for (int code = 0; code < _usage.Length && used < replacements.Length; code++)
        {
            if (_usage[code] >= threshold) continue;
            ReadOnlySpan<float> row = rows.Slice(replacements[used++] * _dimension, _dimension);
            for (int index = 0; index < _dimension; index++) _codes[(code * _dimension) + index] = row[index];
            _usage[code] = mean;
            if (_settings.ClearMoments) _adam.Forget(code * _dimension, _dimension);
        }
    }

    private void Advance(int code)
    {
        for (int place = code * _dimension; place < (code + 1) * _dimension; place++)
            _codes[place] -= _adam.ChangeOf(place, _gradients[place], _settings.LearningRate);
    }
}
