// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>
/// Rows read as they were given. A row's float score is <c>dot * scale + offset</c>; the offset pays for what the score
/// can be off by as far as that grows with the row (<see cref="ScanBound"/>).
/// </summary>
internal unsafe struct ValueRows : IScanRows
{
    private Metric _metric;
    private int _dimension;
    private float _scale;
    private float _offset;

    /// <summary>The weight of <see cref="ScanBound"/>, for the runs that are loaded from now on.</summary>
    public double Weight
    {
        set => _offset = ScanBound.OffsetOf(_metric, _dimension, value);
    }

    /// <summary>Largest term of a trusted row met in all runs.</summary>
    public float LargestTerm { get; private set; }

    public float* Scales { get; private set; }

    public float* Offsets { get; private set; }

    public static int BytesOf(int dimension) => dimension * sizeof(float);

    public static byte* Of(ScanBlock* block) => (byte*)block->Rows;

    public void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount)
    {
        _metric = scan.Metric;
        _dimension = scan.Dimension;
        _scale = scan.Metric == Metric.SquaredEuclidean ? 2 : 1;
        Scales = scratch.Take<float>(rowCount);
        Offsets = scratch.Take<float>(rowCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(ScanBlock* block, int row, int place)
    {
        float term = block->Terms[row];
        Scales[place] = _metric == Metric.Cosine ? term : _scale;
        Offsets[place] = _offset * term;
        if (term > LargestTerm) LargestTerm = term;
    }
}
