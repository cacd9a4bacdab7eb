// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A piecewise constant in place of GELU's derivative: a code says between which borders the input
/// lay.</summary>
/// <remarks>The tables are least squares over [-10, 10]; their worst errors are 0.5, 0.19 and 0.13 for 1 to 3 bits;
/// for 4 see <see cref="DerivativeGrid"/>. Source: Novikov et al., 2022, arXiv 2202.00441.</remarks>
internal sealed class FewBitTable
{
    private static readonly FewBitTable[] _gelu =
    [
        new([0], [0, 1]),
        new([-0.46f, 0.02f, 0.50f], [-0.0156f, 0.3305f, 0.6991f, 1.0162f]),
        new([-2.33f, -0.72f, -0.33f, 0, 0.32f, 0.70f, 2.40f],
            [-0.0030f, -0.0911f, 0.1216f, 0.3707f, 0.6255f, 0.8696f, 1.0881f, 1.0026f]),
    ];

    private readonly float[] _borders;
    private readonly float[] _levels;

    private FewBitTable(float[] borders, float[] levels) => (_borders, _levels) = (borders, levels);

    /// <param name="bits">1 to 3.</param>
    public static FewBitTable Gelu(int bits) => _gelu[bits - 1];

    /// <summary>Counts, for each input, the borders below it.</summary>
    /// <returns>Codes of Byte, of the input's shape.</returns>
    public Tensor Encode(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor borders = tensor(_borders, x.dtype, x.device);
        return x.bucketize(borders, outInt32: true).to_type(uint8).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor codes, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor levels = tensor(_levels, type, codes.device);
        Tensor found = levels.index_select(0, codes.reshape(-1).to_type(int64));
        return found.view(codes.shape).MoveToOuterDisposeScope();
    }
}
