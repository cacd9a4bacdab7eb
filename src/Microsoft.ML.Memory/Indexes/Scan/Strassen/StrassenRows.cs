// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>The left factors of the seven products, of pairs of groups of rows.</summary>
/// <remarks>
/// A1 and A2 are the halves of the first group's rows, left and right, D1 and D2 those of the second's. Three factors
/// are read where the rows are, four are sums of halves.
/// </remarks>
internal unsafe struct StrassenRows
{
    private const int SumCount = 4;

    private readonly float** _groups; // [pairs, 2]
    private readonly int* _numbers; // [pairs]
    private readonly float* _sums; // [pairs, SumCount, R, d / 2]
    private readonly int _rowCount;
    private readonly int _half;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="pairCount">Pairs of groups at most.</param>
    /// <param name="rowCount">Rows R of a group.</param>
    /// <param name="dimension">Length d of a row, even.</param>
    public StrassenRows(NativeScratch scratch, int pairCount, int rowCount, int dimension)
    {
        _rowCount = rowCount;
        _half = dimension / 2;
        _groups = (float**)scratch.Take<nint>(2 * pairCount);
        _numbers = scratch.Take<int>(pairCount);
        _sums = scratch.Take<float>((long)pairCount * SumCount * rowCount * _half);
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Gives the number of the first group of a pair.</summary>
    public readonly int Group(int pair) => _numbers[pair];

    /// <summary>Adds a pair of groups.</summary>
    /// <param name="group">The number of the first one.</param>
    /// <param name="first">Its rows.</param>
    /// <param name="second">The rows of the next group.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int group, float* first, float* second)
    {
        _numbers[Count] = group;
        _groups[2 * Count] = first;
        _groups[(2 * Count) + 1] = second;
        float* sums = Sum(Count++, 0);
        for (int row = 0; row < _rowCount; row++, first += 2 * _half, second += 2 * _half, sums += _half)
            AddHalves(first, second, sums);
    }

    /// <summary>Gives the left factor of a product: R rows of d / 2 values.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="product">0 to 6.</param>
    /// <param name="stride">Receives the number of values from one row to the next.</param>
    public readonly float* Of(int pair, int product, out nint stride)
    {
        stride = product is 0 or 1 or 6 ? 2 * _half : _half;
        return product switch
        {
            0 => _groups[2 * pair], // A1
            1 => _groups[2 * pair] + _half, // A2
            2 => Sum(pair, 1), // D1 + D2 - A1
            3 => Sum(pair, 2), // A1 - D1
            4 => Sum(pair, 0), // D1 + D2
            5 => Sum(pair, 3), // A1 + A2 - D1 - D2
            _ => _groups[(2 * pair) + 1] + _half, // D2
        };
    }

    private readonly float* Sum(int pair, int sum) => _sums + ((((nint)pair * SumCount) + sum) * _rowCount * _half);

    /// <summary>Adds the halves of two rows up, into the same row of each sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddHalves(float* a, float* d, float* sums)
    {
        nint half = _half, size = _rowCount * half;
        float* second = sums + size, third = second + size, fourth = third + size;
        nint i = 0;
        for (; i <= half - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> a1 = Vector.Load(a + i), d1 = Vector.Load(d + i);
            Vector<float> both = d1 + Vector.Load(d + half + i), less = both - a1;
            both.Store(sums + i);
            less.Store(second + i);
            (a1 - d1).Store(third + i);
            (Vector.Load(a + half + i) - less).Store(fourth + i);
        }

        for (; i < half; i++)
        {
            float both = d[i] + d[half + i], less = both - a[i];
            sums[i] = both;
            second[i] = less;
            third[i] = a[i] - d[i];
            fourth[i] = a[half + i] - less;
        }
    }
}
