// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 4 bits for rows of probabilities: the largest times 2^(-0.7 k), k from 0 to 14; 15 is 0.</summary>
/// <remarks>Rows are scaled to a sum of 1 when they are read, so that the largest need not be kept. Evenly spaced
/// levels would lose most of a peaked row.</remarks>
internal static class ProbabilityCodes
{
    private const double Step = 0.7;
    private const int Zero = 15;

    /// <param name="rows">[.., n], each row with a sum of 1.</param>
    /// <returns>Codes of Byte.</returns>
    public static Tensor Encode(Tensor rows)
    {
        using var scope = NewDisposeScope();
        Tensor ratio = rows.div(rows.amax([-1], keepdim: true));
        Tensor codes = ratio.log2().div_(-Step).round().clamp_(max: Zero); // log2(0) becomes 15
        return codes.to_type(uint8).MoveToOuterDisposeScope();
    }

    public static Tensor Decode(Tensor codes, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor rows = codes.to_type(type).mul_(-Step * Math.Log(2)).exp().masked_fill(codes.eq(Zero), 0);
        return rows.div_(rows.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    }
}
