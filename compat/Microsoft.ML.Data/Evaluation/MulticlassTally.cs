// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Counts and losses over scored rows, and what follows from them.</summary>
internal sealed class MulticlassTally
{
    // A class that was thought impossible costs 34.5 nats, not infinity.
    private const float SmallestProbability = 1e-15f;

    private readonly double[] _classLosses;

    // How often the true class had so many classes ranked before it.
    private readonly double[] _ranks;

    private double _rows;
    private double _loss;
    private double _correct;

    public MulticlassTally(int classCount)
    {
        _classLosses = new double[classCount];
        _ranks = new double[classCount];
        Counts = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];
    }

    /// <summary>Rows are true classes, columns predicted ones; a class without a score is in neither.</summary>
    public double[][] Counts { get; }

    public double LogLoss => _rows > 0 ? _loss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = -Counts.Select(c => c.Sum() / _rows).Where(p => p > 0).Sum(p => p * Math.Log(p));
            return (entropy - LogLoss) / entropy;
        }
    }

    public double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    public double MacroAccuracy
    {
        get
        {
            double[] recalls = [.. Counts.Select((c, i) => c[i] / c.Sum()).Where(r => !double.IsNaN(r))];
            return recalls.Length > 0 ? recalls.Average() : 0;
        }
    }

    public double[] PerClassLogLoss =>
        [.. _classLosses.Select((loss, i) => Counts[i].Sum() is > 0 and double n ? loss / n : 0)];

    public double[] TopKAccuracies(int count)
    {
        double[] result = new double[count];
        double hits = 0;
        for (int k = 0; k < count; k++)
        {
            if (k < _ranks.Length)
                hits += _ranks[k];
            result[k] = _rows > 0 ? hits / _rows : 0;
        }
        return result;
    }

    public void Add(long label, ReadOnlySpan<float> scores)
    {
        _rows++;
        if (label >= scores.Length)
        {
            _loss += -Math.Log(SmallestProbability);
            return;
        }
        int truth = (int)label;
        double loss = -Math.Log(Math.Min(1, Math.Max(scores[truth], SmallestProbability)));
        _loss += loss;
        _classLosses[truth] += loss;
        int predicted = ArgMax(scores);
        Counts[truth][predicted]++;
        if (predicted == truth)
            _correct++;
        _ranks[Rank(scores, truth)]++;
    }

    // Ties go to the lower index.
    private static int ArgMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }

    private static int Rank(ReadOnlySpan<float> scores, int truth)
    {
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > scores[truth] || (scores[i] == scores[truth] && i < truth))
                rank++;
        }
        return rank;
    }
}
