// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Learns the low-rank correction of keys and votes of an attention over codes that are frozen.</summary>
/// <remarks>
/// <para>Loss of a row of class y is -ln Q(y), Q the corrected votes of a bank without the row itself: Q(c) = P(c) ·
/// exp(v(c)) / Z. With a = softmax of the logits z, h(j, c) the share of c in code j and inner(j) = Down · E(j):</para>
/// <para>dv(c) = Q(c) - [c = y]; dP(c) = exp(v(c)) / Z - [c = y] / P(y); du = s · sum of dv(c) · ValueUp(c);
/// da(j) = sum of dP(c) · h(j, c) + du · inner(j); dz(j) = a(j) · (da(j) - sum of a · da).</para>
/// <para>Rows of a batch are summed in order: the thread count changes no bit.</para>
/// </remarks>
internal sealed class CorrectionTrainer
{
    private const double SmallestShare = 1e-12;
    private const long OrderStream = 0x4F726472;

    private readonly CompressedBank _bank;
    private readonly double _scale;
    private readonly AdamVector _down;
    private readonly AdamVector _keyUp;
    private readonly AdamVector _valueUp;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly int _dimension;

    /// <param name="bank">The bank that holds the rows.</param>
    /// <param name="scale">What dot products are multiplied by.</param>
    /// <param name="rank">Rank of the correction.</param>
    /// <param name="alpha">What the correction is scaled by, before it is divided by the rank.</param>
    /// <param name="seed">Seed of the start.</param>
    public CorrectionTrainer(CompressedBank bank, double scale, int rank, double alpha, long seed)
    {
        _bank = bank;
        _scale = scale;
        _rank = rank;
        _alpha = alpha;
        _dimension = bank.Codebook.Dimension;
        _down = new AdamVector(new float[rank * _dimension]);
        _keyUp = new AdamVector(new float[rank * _dimension]);
        _valueUp = new AdamVector(new float[rank * bank.ClassCount]);
        var random = new SeededRandom(seed);
        double bound = Math.Sqrt(3.0 / _dimension);
        foreach (ref float value in _down.Values.AsSpan()) value = (float)(((2 * random.NextDouble()) - 1) * bound);
    }

    /// <summary>Learns a correction from the rows that a bank holds.</summary>
    /// <param name="bank">The bank, with at least two entries.</param>
    /// <param name="rows">[n, d] the prepared rows of its entries, in their order.</param>
    /// <param name="settings">How to learn.</param>
    public static CodeCorrection Train(CompressedBank bank, float[] rows, CorrectionSettings settings)
    {
        var trainer = new CorrectionTrainer(bank, settings.Scale, settings.Rank, settings.Alpha, settings.Seed);
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
    public CodeCorrection Correction
        => new([.. _down.Values], [.. _keyUp.Values], [.. _valueUp.Values], _rank, _alpha);

    /// <summary>What is learned: Down [rank, d], KeyUp [d, rank] and ValueUp [c, rank].</summary>
    public IReadOnlyList<AdamVector> Learned => [_down, _keyUp, _valueUp];

    /// <summary>Learns from one batch.</summary>
    /// <param name="rows">[b, d], prepared.</param>
    /// <param name="places">[b] place of each row in the bank.</param>
    /// <param name="learningRate">Learning rate of Adam.</param>
    /// <returns>Mean loss of the rows before the step.</returns>
    public double Step(ReadOnlyMemory<float> rows, int[] places, double learningRate)
    {
        double loss = Differentiate(rows, places);
        foreach (AdamVector learned in Learned) learned.Step(learningRate);
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

        foreach (AdamVector learned in Learned) learned.Gradients.AsSpan().Clear();
        double loss = 0;
        for (int index = 0; index < terms.Length; index++)
        {
            loss += terms[index].Loss / terms.Length;
            Accumulate(rows.Span.Slice(index * _dimension, _dimension), terms[index], terms.Length);
        }

        return loss;
    }

    private void Accumulate(ReadOnlySpan<float> row, RowTerms terms, int rowCount)
    {
        var share = (float)(_alpha / _rank / rowCount);
        var scaled = (float)(_scale * share);
        for (int r = 0; r < _rank; r++)
        {
            Span<float> down = _down.Gradients.AsSpan(r * _dimension, _dimension);
            TensorPrimitives.MultiplyAdd(terms.Codes, scaled * terms.Query[r], down, down);
            TensorPrimitives.MultiplyAdd(terms.MeanCode, share * terms.MeanSlopes[r], down, down);
        }

        for (int feature = 0; feature < _dimension; feature++)
        {
            Span<float> keyUp = _keyUp.Gradients.AsSpan(feature * _rank, _rank);
            TensorPrimitives.MultiplyAdd(terms.Inner, scaled * row[feature], keyUp, keyUp);
        }

        for (int label = 0; label < terms.VoteSlopes.Length; label++)
        {
            Span<float> valueUp = _valueUp.Gradients.AsSpan(label * _rank, _rank);
            TensorPrimitives.MultiplyAdd(terms.Mean, share * terms.VoteSlopes[label], valueUp, valueUp);
        }
    }

    private RowTerms Differentiate(ReadOnlySpan<float> row, int place, float[] inner)
    {
        int codeCount = _bank.Codebook.Count;
        var terms = new RowTerms(_rank, _dimension, _bank.ClassCount);
        for (int feature = 0; feature < _dimension; feature++)
        {
            TensorPrimitives.MultiplyAdd(
                _keyUp.Values.AsSpan(feature * _rank, _rank), row[feature], terms.Query, terms.Query);
        }

        (double[] attention, double[] shares) = Attend(row, terms.Query, place, inner);
        for (int code = 0; code < codeCount; code++)
        {
            var weight = (float)attention[code];
            if (weight == 0) continue;
            TensorPrimitives.MultiplyAdd(inner.AsSpan(code * _rank, _rank), weight, terms.Mean, terms.Mean);
            TensorPrimitives.MultiplyAdd(_bank.Codebook.CodeAt(code), weight, terms.MeanCode, terms.MeanCode);
        }

        double[] voteSlopes = Judge(terms, attention, shares, _bank.EntryAt(place).Label);
        double[] slopes = new double[codeCount];
        for (int code = 0; code < codeCount; code++)
        {
            if (attention[code] == 0) continue;
            slopes[code] = TensorPrimitives.Dot<double>(
                voteSlopes, shares.AsSpan(code * voteSlopes.Length, voteSlopes.Length))
                + (_alpha / _rank
                    * TensorPrimitives.Dot<float>(terms.MeanSlopes, inner.AsSpan(code * _rank, _rank)));
        }

        double mean = TensorPrimitives.Dot<double>(attention, slopes);
        for (int code = 0; code < codeCount; code++)
        {
            var slope = (float)(attention[code] * (slopes[code] - mean));
            if (slope == 0) continue;
            TensorPrimitives.MultiplyAdd(inner.AsSpan(code * _rank, _rank), slope, terms.Inner, terms.Inner);
            TensorPrimitives.MultiplyAdd(_bank.Codebook.CodeAt(code), slope, terms.Codes, terms.Codes);
        }

        return terms;
    }

    /// <summary>
    /// Gives the attention [K] of a row, and the shares [K, c] of the classes, without the row itself.
    /// </summary>
    private (double[] Attention, double[] Shares) Attend(
        ReadOnlySpan<float> row, float[] query, int place, float[] inner)
    {
        (int label, int ownCode) = _bank.EntryAt(place);
        int classCount = _bank.ClassCount;
        double[] attention = new double[_bank.Codebook.Count];
        double[] shares = new double[attention.Length * classCount];
        for (int code = 0; code < attention.Length; code++)
        {
            int own = code == ownCode ? 1 : 0;
            double count = _bank.CountOf(code) - own;
            attention[code] = double.NegativeInfinity;
            if (count <= 0) continue;
            ReadOnlySpan<long> counts = _bank.HistogramOf(code);
            for (int index = 0; index < classCount; index++)
                shares[(code * classCount) + index] = (counts[index] - (index == label ? own : 0)) / count;
            double dot = TensorPrimitives.Dot(row, _bank.Codebook.CodeAt(code))
                + (_alpha / _rank * TensorPrimitives.Dot<float>(query, inner.AsSpan(code * _rank, _rank)));
            attention[code] = (_scale * dot) + Math.Log(count);
        }

        Softmax.Of(attention);
        return (attention, shares);
    }

    /// <summary>Computes the loss of a row, and its slopes by the votes before they are corrected.</summary>
    private double[] Judge(RowTerms terms, double[] attention, double[] shares, int label)
    {
        int classCount = _bank.ClassCount;
        double[] votes = new double[classCount];
        for (int code = 0; code < attention.Length; code++)
        {
            TensorPrimitives.MultiplyAdd(
                shares.AsSpan(code * classCount, classCount), attention[code], votes, votes);
        }

        double[] factors = new double[classCount];
        double total = 0;
        for (int index = 0; index < classCount; index++)
        {
            double shift = TensorPrimitives.Dot<float>(terms.Mean, _valueUp.Values.AsSpan(index * _rank, _rank));
            factors[index] = Math.Exp(_alpha / _rank * shift);
            total += votes[index] * factors[index];
        }

        double vote = Math.Max(SmallestShare, votes[label]);
        terms.Loss = Math.Log(total) - Math.Log(vote * factors[label]);
        double[] slopes = new double[classCount];
        for (int index = 0; index < classCount; index++)
        {
            int target = index == label ? 1 : 0;
            slopes[index] = (factors[index] / total) - (target / vote);
            terms.VoteSlopes[index] = (float)((votes[index] * factors[index] / total) - target);
            ReadOnlySpan<float> valueUp = _valueUp.Values.AsSpan(index * _rank, _rank);
            TensorPrimitives.MultiplyAdd(valueUp, terms.VoteSlopes[index], terms.MeanSlopes, terms.MeanSlopes);
        }

        return slopes;
    }

    private static void Multiply(float[] matrix, ReadOnlySpan<float> vector, Span<float> product)
    {
        for (int index = 0; index < product.Length; index++)
            product[index] = TensorPrimitives.Dot(vector, matrix.AsSpan(index * vector.Length, vector.Length));
    }

    /// <summary>What one row adds to the gradients.</summary>
    private sealed class RowTerms(int rank, int dimension, int classCount)
    {
        public double Loss { get; set; }

        /// <summary>[rank] the row, brought down by KeyUp.</summary>
        public float[] Query { get; } = new float[rank];

        /// <summary>[rank] sum of slopes and codes brought down.</summary>
        public float[] Inner { get; } = new float[rank];

        /// <summary>[d] sum of slopes and codes.</summary>
        public float[] Codes { get; } = new float[dimension];

        /// <summary>[rank] codes brought down, in the mean of the attention.</summary>
        public float[] Mean { get; } = new float[rank];

        /// <summary>[d] codes in the mean of the attention.</summary>
        public float[] MeanCode { get; } = new float[dimension];

        /// <summary>[c] slopes by the shifts of the votes.</summary>
        public float[] VoteSlopes { get; } = new float[classCount];

        /// <summary>[rank] slopes by the mean, but for the scale.</summary>
        public float[] MeanSlopes { get; } = new float[rank];
    }
}
