// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>
/// Rows read as they were given. A row's float score is <c>sum * scale + offset</c>; of products, the offset pays for
/// what the score can be off by as far as that grows with the row (<see cref="ScanBound"/>).
/// </summary>
internal unsafe struct ValueRows : IScanRows
{
    private const int Lanes = 4;
    private const float MostRatio = 4; // of norms of rows that are blurred alike

    private Metric _metric;
    private int _dimension;
    private float _scale;
    private float _offset;
    private Vector128<float> _largest;

    /// <summary>Largest term of a trusted row met in all runs; of another it is NaN, and never larger.</summary>
    public readonly float LargestTerm => MathF.Max(
        MathF.Max(_largest[0], _largest[1]), MathF.Max(_largest[2], _largest[3]));

    public float* Scales { get; private set; }

    public float* Offsets { get; private set; }

    public static int BytesOf(int dimension) => dimension * sizeof(float);

    public static byte* Of(ScanBlock* block) => (byte*)block->Rows;

    public void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount)
    {
        _metric = scan.Metric;
        _dimension = scan.Dimension;
        Scales = scratch.Take<float>(rowCount);
        Offsets = scratch.Take<float>(rowCount);
    }

    /// <summary>Makes ready to turn inner products into scores, of a weight of <see cref="ScanBound"/>.</summary>
    public void ScoreByProducts(double weight)
    {
        _scale = _metric == Metric.SquaredEuclidean ? 2 : 1;
        _offset = ScanBound.OffsetOf(_metric, _dimension, weight);
    }

    /// <summary>Makes ready to turn sums of squared differences into scores: minus the sum, NaN where the term is.
    /// </summary>
    public void ScoreByDifferences() => (_scale, _offset) = (-1, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(ScanBlock* block, int row, int count, int place)
    {
        float* term = block->Terms + row, end = term + count, scale = Scales + place, offset = Offsets + place;
        bool isCosine = _metric == Metric.Cosine;
        for (; term <= end - Lanes; term += Lanes, scale += Lanes, offset += Lanes)
        {
            Vector128<float> terms = Vector128.Load(term);
            (isCosine ? terms : Vector128.Create(_scale)).Store(scale);
            (terms * _offset).Store(offset);
            _largest = Vector128.ConditionalSelect(Vector128.GreaterThan(terms, _largest), terms, _largest);
        }

        for (; term < end; term++, scale++, offset++)
        {
            *scale = isCosine ? *term : _scale;
            *offset = _offset * *term;
            if (*term > _largest[0]) _largest = _largest.WithElement(0, *term);
        }
    }

    /// <summary>
    /// Makes the scores of some rows pay for what they can be off by when each is blurred as the longest of them is.
    /// </summary>
    /// <param name="blur"><see cref="ScanBound.BlurOf"/>.</param>
    /// <param name="place">The place of the first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="positions">Their positions; -1 marks one that is looked at for its length alone.</param>
    /// <returns>False, and nothing is changed, where the rows differ too much in length or are not trusted.</returns>
    public readonly bool TryBlur(float blur, int place, int count, int* positions)
    {
        float largest = 0, least = float.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            float size = SizeOf(TermOf(place + i));
            if (float.IsNaN(size)) return false;
            largest = Math.Max(largest, size);
            if (positions[i] >= 0) least = Math.Min(least, size);
        }

        float ratio = _metric == Metric.SquaredEuclidean ? MostRatio * MostRatio : MostRatio;
        if (largest > ratio * least) return false;
        for (int i = place; i < place + count; i++)
        {
            Offsets[i] = _metric switch
            {
                Metric.Cosine => blur * ((largest * TermOf(i)) - 1),
                Metric.SquaredEuclidean => (blur * largest) - TermOf(i),
                _ => blur * largest,
            };
        }

        return true;
    }

    /// <summary>Gives the term of a row, near enough, of products that are not blurred yet.</summary>
    private readonly float TermOf(int place) =>
        _metric == Metric.Cosine ? Scales[place] : Offsets[place] / _offset;

    /// <summary>Gives the norm of a row of a term or, under squared L2, its square.</summary>
    private readonly float SizeOf(float term) => _metric == Metric.Cosine && term != 0 ? 1 / term : term;
}
