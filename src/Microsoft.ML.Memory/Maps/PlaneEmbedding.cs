// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Moves places in the plane until tied entries are near each other and others are not.</summary>
/// <remarks>
/// In one epoch each entry moves by its own ties, from the places that all others had when the epoch began: entries
/// are moved by any number of threads, in any order, with the same result. What an entry draws follows from the seed,
/// the epoch and its row. A tie pulls in a share of the epochs equal to its strength over that of the strongest tie.
/// Source: McInnes et al., 2018, arXiv 1802.03426, section 3.2, algorithm 5.
/// </remarks>
internal sealed class PlaneEmbedding
{
    private const int RowsOfTask = 512;
    private const int FewEntries = 10_000;
    private const int EpochsOfFew = 500;
    private const int EpochsOfMany = 200;
    private const double StartReach = 10;
    private const double StartNoise = 1e-3; // parts entries with the same vector
    private const float LargestStep = 4;
    private const float Softening = 1e-3f;

    private readonly TieGraph _ties;
    private readonly EntryMapSettings _settings;
    private readonly float[] _rates;
    private readonly float[] _due;
    private readonly float _a;
    private readonly float _b;
    private float[] _places;
    private float[] _next;

    private PlaneEmbedding(TieGraph ties, EntryMapSettings settings, float[] places)
    {
        _ties = ties;
        _settings = settings;
        _places = places;
        _next = new float[places.Length];
        (double a, double b) = PlaneCurve.Fit(settings.MinimumDistance, settings.Spread);
        (_a, _b) = ((float)a, (float)b);
        _rates = ties.Strengths.ToArray();
        _due = new float[_rates.Length];
        if (_rates.Length == 0) return;
        TensorPrimitives.Divide(_rates, TensorPrimitives.Max<float>(_rates), _rates);
        var random = new SeededRandom(settings.Seed);
        for (int tie = 0; tie < _due.Length; tie++) _due[tie] = (float)random.NextDouble();
    }

    private int Count => _places.Length / 2;

    /// <summary>Gives the places of all entries, [n, 2].</summary>
    public static float[] Embed(
        EntryNeighbors neighbors,
        EntryMapSettings settings,
        EntryMap start,
        ParallelOptions parallel,
        IProgress<double>? progress)
    {
        var embedding = new PlaneEmbedding(TieGraph.Of(neighbors), settings, Scatter(start, settings.Seed));
        int epochCount = settings.EpochCount ?? (neighbors.Count <= FewEntries ? EpochsOfFew : EpochsOfMany);
        for (int epoch = 0; epoch < epochCount; epoch++)
        {
            embedding.Run(epoch, epochCount, parallel);
            progress?.Report((epoch + 1.0) / epochCount);
        }

        return embedding._places;
    }

    /// <summary>Scales a map to a reach of 10 and parts places that coincide.</summary>
    private static float[] Scatter(EntryMap start, long seed)
    {
        double reach = 0;
        for (int row = 0; row < start.Count; row++)
            reach = Math.Max(reach, Math.Max(Math.Abs((double)start.X[row]), Math.Abs((double)start.Y[row])));
        double scale = reach > 0 ? StartReach / reach : 0;
        var random = new SeededRandom(seed);
        float[] places = new float[2 * start.Count];
        for (int row = 0; row < start.Count; row++)
        {
            places[2 * row] = (float)((start.X[row] * scale) + (StartNoise * random.NextGaussian()));
            places[(2 * row) + 1] = (float)((start.Y[row] * scale) + (StartNoise * random.NextGaussian()));
        }

        return places;
    }

    private void Run(int epoch, int epochCount, ParallelOptions parallel)
    {
        float step = (float)(_settings.LearningRate * (1 - ((double)epoch / epochCount)));
        Parallel.For(0, (Count + RowsOfTask - 1) / RowsOfTask, parallel, task =>
        {
            int end = Math.Min(Count, (task + 1) * RowsOfTask);
            for (int row = task * RowsOfTask; row < end; row++) Move(row, epoch, step);
        });
        (_places, _next) = (_next, _places);
    }

    private void Move(int row, int epoch, float step)
    {
        ReadOnlySpan<float> places = _places;
        ReadOnlySpan<int> others = _ties.Others;
        float x = places[2 * row], y = places[(2 * row) + 1];
        var drawn = new RowDraw(_settings.Seed, epoch, row);
        int end = _ties.StartOf(row + 1);
        for (int tie = _ties.StartOf(row); tie < end; tie++)
        {
            _due[tie] += _rates[tie];
            if (_due[tie] < 1) continue;
            _due[tie] -= 1;
            Pull(ref x, ref y, places.Slice(2 * others[tie], 2), step);
            for (int sample = 0; sample < _settings.NegativeSampleCount; sample++)
            {
                int other = drawn.Next(Count - 1);
                if (other >= row) other++;
                Push(ref x, ref y, places.Slice(2 * other, 2), step);
            }
        }

        _next[2 * row] = x;
        _next[(2 * row) + 1] = y;
    }

    private void Pull(ref float x, ref float y, ReadOnlySpan<float> other, float step)
    {
        float dx = x - other[0], dy = y - other[1];
        float square = (dx * dx) + (dy * dy);
        if (square == 0) return;
        float power = MathF.Pow(square, _b);
        float force = -2 * _a * _b * power / (square * (1 + (_a * power)));
        x += step * Math.Clamp(force * dx, -LargestStep, LargestStep);
        y += step * Math.Clamp(force * dy, -LargestStep, LargestStep);
    }

    private void Push(ref float x, ref float y, ReadOnlySpan<float> other, float step)
    {
        float dx = x - other[0], dy = y - other[1];
        float square = (dx * dx) + (dy * dy);
        float power = MathF.Pow(square, _b);
        float force = 2 * _b / ((Softening + square) * (1 + (_a * power)));
        x += step * Math.Clamp(force * dx, -LargestStep, LargestStep);
        y += step * Math.Clamp(force * dy, -LargestStep, LargestStep);
    }
}
