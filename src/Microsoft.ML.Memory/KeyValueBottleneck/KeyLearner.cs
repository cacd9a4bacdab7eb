// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Learns the keys of one head from unlabelled rows: vector quantisation by moving averages.</summary>
/// <remarks>
/// <para>Per batch, with n(j) rows nearest to key j: N = g N + (1 - g) n, A = g A + (1 - g) sum of those rows, and the
/// key becomes A over the smoothed N. Then every key with N below DeadKeyFactor · rows / keys moves to a random row of
/// the batch.</para>
/// <para>Belongs to one thread at a time. Source: van den Oord et al., 2017, arXiv 1711.00937, as the bottleneck's
/// authors use it.</para>
/// </remarks>
internal sealed class KeyLearner
{
    private readonly BottleneckSettings _settings;
    private readonly int _dimension;
    private readonly Func<int, int, int> _draw;
    private readonly double[] _counts;
    private readonly double[] _sums;
    private readonly double[] _batchCounts;
    private readonly double[] _batchSums;
    private readonly NearestKeys _nearest;
    private int[] _pairs = [];

    /// <param name="settings">How to learn.</param>
    /// <param name="keys">[pairs, k] keys to start from; changed by every step.</param>
    /// <param name="dimension">k.</param>
    /// <param name="draw">Gives the row, below its second argument, that the key, its first argument, moves to.</param>
    public KeyLearner(BottleneckSettings settings, float[] keys, int dimension, Func<int, int, int> draw)
    {
        _settings = settings;
        _dimension = dimension;
        _draw = draw;
        Keys = keys;
        _counts = new double[keys.Length / dimension];
        _batchCounts = new double[_counts.Length];
        _batchSums = new double[keys.Length];
        _sums = settings.KeyStart == KeyStart.Official
            ? Array.ConvertAll(keys, value => (double)value)
            : new double[keys.Length];
        _nearest = new NearestKeys(keys, dimension);
    }

    /// <summary>[pairs, k] the keys by now.</summary>
    public float[] Keys { get; }

    /// <summary>[pairs] moving average of the rows nearest to each key.</summary>
    public ReadOnlySpan<double> Counts => _counts;

    /// <summary>Learns from one batch.</summary>
    /// <param name="inputs">[b, k], b at least 1.</param>
    public void Step(ReadOnlySpan<float> inputs)
    {
        int rowCount = inputs.Length / _dimension;
        if (_pairs.Length < rowCount) _pairs = new int[rowCount];
        _nearest.Find(inputs, _pairs.AsSpan(0, rowCount));
        _batchCounts.AsSpan().Clear();
        _batchSums.AsSpan().Clear();
        for (int row = 0; row < rowCount; row++)
        {
            int pair = _pairs[row];
            _batchCounts[pair]++;
            for (int index = 0; index < _dimension; index++)
                _batchSums[(pair * _dimension) + index] += inputs[(row * _dimension) + index];
        }

        Average();
        double threshold = _settings.DeadKeyFactor * rowCount / _counts.Length;
        for (int pair = 0; pair < _counts.Length; pair++)
        {
            if (_counts[pair] >= threshold) continue;
            inputs.Slice(_draw(pair, rowCount) * _dimension, _dimension)
                .CopyTo(Keys.AsSpan(pair * _dimension, _dimension));
        }

        _nearest.Load(Keys);
    }

    private void Average()
    {
        double decay = _settings.KeyDecay;
        double epsilon = _settings.KeyEpsilon;
        double total = 0;
        for (int pair = 0; pair < _counts.Length; pair++)
        {
            _counts[pair] = (decay * _counts[pair]) + ((1 - decay) * _batchCounts[pair]);
            total += _counts[pair];
        }

        for (int pair = 0; pair < _counts.Length; pair++)
        {
            double smoothed = (_counts[pair] + epsilon) / (total + (_counts.Length * epsilon)) * total;
            bool keepsPlace = _settings.KeyStart == KeyStart.Clean && _counts[pair] <= epsilon;
            for (int place = pair * _dimension; place < (pair + 1) * _dimension; place++)
            {
                _sums[place] = (decay * _sums[place]) + ((1 - decay) * _batchSums[place]);
                if (!keepsPlace) Keys[place] = (float)(_sums[place] / smoothed);
            }
        }
    }
}
