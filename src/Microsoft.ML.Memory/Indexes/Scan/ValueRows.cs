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
}
