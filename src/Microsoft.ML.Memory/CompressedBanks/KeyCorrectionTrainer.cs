// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Learns the low-rank correction of the keys of an attention over codes that are frozen.</summary>
/// <remarks>
/// <para>Loss of a row of class y is -ln P(y), P the attention's vote of a bank without the row itself. With a =
/// softmax of the logits z and h(j) the share of y in code j, the gradient is dz(j) = a(j) (1 - h(j)/P(y)).</para>
/// <para>Rows of a batch are summed in order: the thread count changes no bit.</para>
/// </remarks>
internal sealed class KeyCorrectionTrainer
{
    private const double SmallestShare = 1e-12;
    private const long OrderStream = 0x4F726472;

    private readonly CompressedBank _bank;
    private readonly double _scale;
    private readonly AdamVector _down;
    private readonly AdamVector _up;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly int _dimension;

    /// <param name="bank">The bank that holds the rows.</param>
    /// <param name="scale">What dot products are multiplied by.</param>
    /// <param name="rank">Rank of the correction.</param>
    /// <param name="alpha">What the correction is scaled by, before it is divided by the rank.</param>
    /// <param name="seed">Seed of the start.</param>
    public KeyCorrectionTrainer(CompressedBank bank, double scale, int rank, double alpha, long seed)
    {
        _bank = bank;
        _scale = scale;
        _rank = rank;
        _alpha = alpha;
        _dimension = bank.Codebook.Dimension;
        _down = new AdamVector(new float[rank * _dimension]);
        _up = new AdamVector(new float[rank * _dimension]);
        var random = new SeededRandom(seed);
        double bound = Math.Sqrt(3.0 / _dimension);
        foreach (ref float value in _down.Values.AsSpan()) value = (float)(((2 * random.NextDouble()) - 1) * bound);
    }

    /// <summary>Learns a correction from the rows that a bank holds.</summary>
    /// <param name="bank">The bank, with at least two entries.</param>
    /// <param name="rows">[n, d] the prepared rows of its entries, in their order.</param>
    /// <param name="settings">How to learn.</param>
    public static KeyCorrection Train(CompressedBank bank, float[] rows, CorrectionSettings settings)
    {
        var trainer = new KeyCorrectionTrainer(bank, settings.Scale, settings.Rank, settings.Alpha, settings.Seed);
        var random = new SeededRandom(settings.Seed ^ OrderStream);
        int d = bank.Codebook.Dimension;
        int[] order = [.. Enumerable.Range(0, bank.Count)];
        float[] batch = new float[settings.BatchSize * d];
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            random.Shuffle(order.AsSpan());
            for (int first = 0; first < order.Length; first += settings.BatchSize)
            {
                int[] places = order[first..Math.Min(order.Length, first + settings.BatchSize)];
                for (int row = 0; row < places.Length; row++)
                    rows.AsSpan(places[row] * d, d).CopyTo(batch.AsSpan(row * d));
                trainer.Step(batch.AsMemory(0, places.Length * d), places, settings.LearningRate);
            }
        }

        return trainer.Correction;
    }

    /// <summary>The correction by now.</summary>
    public KeyCorrection Correction => new([.. _down.Values], [.. _up.Values], _rank, _alpha);

    /// <summary>What is learned: Down [rank, d] and Up [d, rank].</summary>
    public (float[] Down, float[] Up) Values => (_down.Values, _up.Values);

    /// <summary>Gradients of the last step: of Down [rank, d] and of Up [d, rank].</summary>
    public (float[] Down, float[] Up) Gradients => (_down.Gradients, _up.Gradients);

    /// <summary>Learns from one batch.</summary>
    /// <param name="rows">[b, d], prepared.</param>
    /// <param name="places">[b] place of each row in the bank.</param>
    /// <param name="learningRate">Learning rate of Adam.</param>
    /// <returns>Mean loss of the rows before the step.</returns>
    public double Step(ReadOnlyMemory<float> rows, int[] places, double learningRate)
    {
        double loss = Differentiate(rows, places);
        _down.Step(learningRate);
        _up.Step(learningRate);
        return loss;
    }

    /// <summary>Computes the mean loss and its gradients.</summary>
    public double Differentiate(ReadOnlyMemory<float> rows, int[] places)
    {
        int codeCount = _bank.Codebook.Count;
        float[] inner = new float[codeCount * _rank];
        Parallel.For(0, codeCount, code => Multiply(
            _down.Values, _bank.Codebook.CodeAt(code), inner.AsSpan(code * _rank, _rank)));
        var terms = new RowTerms[places.Length];
        Parallel.For(0, places.Length, index => terms[index] = Differentiate(
            rows.Span.Slice(index * _dimension, _dimension), places[index], inner));

        _down.Gradients.AsSpan().Clear();
        _up.Gradients.AsSpan().Clear();
        double loss = 0;
        var factor = (float)(_scale * _alpha / _rank / places.Length);
        for (int index = 0; index < terms.Length; index++)
        {
            loss += terms[index].Loss / terms.Length;
            ReadOnlySpan<float> row = rows.Span.Slice(index * _dimension, _dimension);
            for (int r = 0; r < _rank; r++)
            {
                Span<float> down = _down.Gradients.AsSpan(r * _dimension, _dimension);
                TensorPrimitives.MultiplyAdd(terms[index].Codes, factor * terms[index].Query[r], down, down);
            }

            for (int feature = 0; feature < _dimension; feature++)
            {
                Span<float> up = _up.Gradients.AsSpan(feature * _rank, _rank);
                TensorPrimitives.MultiplyAdd(terms[index].Inner, factor * row[feature], up, up);
            }
        }

        return loss;
    }

    private RowTerms Differentiate(ReadOnlySpan<float> row, int place, float[] inner)
    {
        (int label, int ownCode) = _bank.EntryAt(place);
        int codeCount = _bank.Codebook.Count;
        float[] query = new float[_rank];
        for (int feature = 0; feature < _dimension; feature++)
            TensorPrimitives.MultiplyAdd(_up.Values.AsSpan(feature * _rank, _rank), row[feature], query, query);

        double[] attention = new double[codeCount];
        double[] shares = new double[codeCount];
        for (int code = 0; code < codeCount; code++)
        {
            int own = code == ownCode ? 1 : 0;
            long count = _bank.CountOf(code) - own;
            attention[code] = double.NegativeInfinity;
            if (count <= 0) continue;
            shares[code] = (_bank.HistogramOf(code)[label] - own) / (double)count;
            double dot = TensorPrimitives.Dot(row, _bank.Codebook.CodeAt(code))
                + (_alpha / _rank * TensorPrimitives.Dot<float>(query, inner.AsSpan(code * _rank, _rank)));
            attention[code] = (_scale * dot) + Math.Log(count);
        }

        Softmax.Of(attention);
        double share = Math.Max(SmallestShare, TensorPrimitives.Dot<double>(attention, shares));
        var terms = new RowTerms(-Math.Log(share), query, new float[_rank], new float[_dimension]);
        for (int code = 0; code < codeCount; code++)
        {
            var slope = (float)(attention[code] * (1 - (shares[code] / share)));
            if (slope == 0) continue;
            TensorPrimitives.MultiplyAdd(inner.AsSpan(code * _rank, _rank), slope, terms.Inner, terms.Inner);
            TensorPrimitives.MultiplyAdd(_bank.Codebook.CodeAt(code), slope, terms.Codes, terms.Codes);
        }

        return terms;
    }

    private static void Multiply(float[] matrix, ReadOnlySpan<float> vector, Span<float> product)
    {
        for (int index = 0; index < product.Length; index++)
            product[index] = TensorPrimitives.Dot(vector, matrix.AsSpan(index * vector.Length, vector.Length));
    }

    /// <summary>What one row adds to the gradients.</summary>
    /// <param name="Loss">Its loss.</param>
    /// <param name="Query">[rank] its query, brought down by Up.</param>
    /// <param name="Inner">[rank] sum of slopes and codes brought down.</param>
    /// <param name="Codes">[d] sum of slopes and codes.</param>
    private sealed record RowTerms(double Loss, float[] Query, float[] Inner, float[] Codes);
}
