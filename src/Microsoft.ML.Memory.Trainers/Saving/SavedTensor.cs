// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A tensor that is kept, as it is or in codes.</summary>
/// <param name="Values">The tensor itself, or its packed codes.</param>
/// <param name="Bits">Width of a code; 0 where there are none.</param>
/// <param name="Shape">Shape of the tensor.</param>
internal readonly record struct SavedTensor(Tensor Values, int Bits, long[] Shape)
{
    /// <summary>Packs codes of Byte.</summary>
    public static SavedTensor Packed(Tensor codes, int bits) => new(CodePacking.Pack(codes, bits), bits, codes.shape);

    public static SavedTensor Exact(Tensor values) => new(values, 0, values.shape);

    public Tensor Codes() => CodePacking.Unpack(Values, Bits, Shape);
}
