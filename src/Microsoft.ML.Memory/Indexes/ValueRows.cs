// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Rows read as they were given. A row's float score is <c>dot * scale + offset</c>.</summary>
internal unsafe struct ValueRows : IScanRows
{
    private Metric _metric;

    /// <summary>Largest term of a trusted row met in all runs.</summary>
    public float LargestTerm { get; private set; }

    public float* Scales { get; private set; }

    public float* Offsets { get; private set; }

    public static int BytesOf(int dimension) => dimension * sizeof(float);

    public static byte* Of(ScanBlock* block) => (byte*)block->Rows;

    public void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount)
    {
        _metric = scan.Metric;
        Scales = scratch.Take<float>(rowCount);
        Offsets = scratch.Take<float>(rowCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(ScanBlock* block, int row, int place)
    {
        float term = block->Terms[row];
        Scales[place] = _metric switch { Metric.Cosine => term, Metric.SquaredEuclidean => 2, _ => 1 };
        Offsets[place] = _metric switch { Metric.Cosine => 0, Metric.SquaredEuclidean => -term, _ => 0 * term };
        if (term > LargestTerm) LargestTerm = term;
    }
}
