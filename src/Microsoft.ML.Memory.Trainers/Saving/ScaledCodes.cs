// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 4 bits, -7..7 times a scale of their own for each row: the row's largest magnitude / 7.</summary>
internal static class ScaledCodes
{
    private const int Largest = 7;
    private const int Offset = 8;
    private const double LeastScale = 1e-30; // a row of zeros has the scale 0, and 0/0 has no code

    /// <param name="rows">[.., n].</param>
    /// <returns>Codes + 8 of Byte [.., n], and scales [.., 1].</returns>
    public static (Tensor Codes, Tensor Scale) Encode(Tensor rows)
    {
        using var scope = NewDisposeScope();
        Tensor scale = rows.abs().amax([-1], keepdim: true).div_(Largest).clamp_(LeastScale);
        Tensor codes = rows.div(scale).round().clamp_(-Offset, Largest).add_(Offset).to_type(uint8);
        return (codes.MoveToOuterDisposeScope(), scale.MoveToOuterDisposeScope());
    }

    public static Tensor Decode(Tensor codes, Tensor scale)
    {
        using var scope = NewDisposeScope();
        return codes.to_type(scale.dtype).sub_(Offset).mul_(scale).MoveToOuterDisposeScope();
    }
}
