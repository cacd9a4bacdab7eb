// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>The right factors of the seven products, of pairs of panels of queries.</summary>
/// <remarks>
/// B1 and B2 are the halves of the first panel, upper and lower, C1 and C2 those of the second. Three factors are read
/// where the panels are, four are sums of halves.
/// </remarks>
internal readonly unsafe struct StrassenPanels
{
    private const int SumCount = 4;

    private readonly QueryPanels _panels;
    private readonly float* _sums; // [pairs, SumCount, d / 2, W]
    private readonly int _size;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="panels">The panels.</param>
    /// <param name="count">Number of panels.</param>
    /// <param name="size">Values of half a panel.</param>
    public StrassenPanels(NativeScratch scratch, QueryPanels panels, int count, int size)
    {
        _panels = panels;
        _size = size;
        _sums = scratch.Take<float>((long)(count / 2) * SumCount * size);
    }

    /// <summary>Adds the halves of two packed panels up.</summary>
    /// <param name="first">The first panel, an even number.</param>
    public void Add(int first)
    {
        float* b = _panels.Panel(first), c = _panels.Panel(first + 1);
        ReadOnlySpan<float> b1 = new(b, _size), b2 = new(b + _size, _size);
        ReadOnlySpan<float> c1 = new(c, _size), c2 = new(c + _size, _size);
        Span<float> across = new(Sum(first, 0), _size), less = new(Sum(first, 1), _size);
        TensorPrimitives.Subtract(c1, b1, across);
        TensorPrimitives.Subtract(c2, across, less);
        TensorPrimitives.Subtract(c2, c1, new Span<float>(Sum(first, 2), _size));
        TensorPrimitives.Subtract(b2, less, new Span<float>(Sum(first, 3), _size));
    }

    /// <summary>Gives the right factor of a product, [d / 2, W].</summary>
    /// <param name="first">The first panel of the pair.</param>
    /// <param name="product">0 to 6.</param>
    public float* Of(int first, int product) => product switch
    {
        0 => _panels.Panel(first), // B1
        1 => _panels.Panel(first) + _size, // B2
        2 => Sum(first, 1), // B1 - C1 + C2
        3 => Sum(first, 2), // C2 - C1
        4 => Sum(first, 0), // C1 - B1
        5 => _panels.Panel(first + 1) + _size, // C2
        _ => Sum(first, 3), // B2 - B1 + C1 - C2
    };

    private float* Sum(int first, int sum) => _sums + ((((nint)(first / 2) * SumCount) + sum) * _size);
}
