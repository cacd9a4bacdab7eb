// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>An activation's derivative at each input: dx = g f'(x).</summary>
internal sealed class SavedActivation : SavedOperator
{
    private readonly SavedTensor _derivative;
    private readonly FewBitTable? _table;
    private readonly bool _isStep;
    private readonly ScalarType _type;

    /// <param name="x">Without a graph.</param>
    /// <param name="activation">The function.</param>
    /// <param name="bits">1 to 4, or 0 to keep the derivative as it is. Below 4 it must be one of the GELUs or ReLU.
    /// </param>
    public SavedActivation(Tensor x, ActivationKind activation, int bits)
    {
        using var scope = NewDisposeScope();
        _type = x.dtype;
        _isStep = activation == ActivationKind.Relu;
        if (bits == 0)
        {
            _derivative = SavedTensor.Exact(Derivatives.Of(x, activation));
        }
        else if (_isStep)
        {
            _derivative = SavedTensor.Packed(x.gt(0).to_type(uint8), 1);
        }
        else if (bits == 4)
        {
            _derivative = SavedTensor.Packed(DerivativeGrid.Encode(Derivatives.Of(x, activation)), bits);
        }
        else
        {
            _table = TableOf(activation, bits);
            _derivative = SavedTensor.Packed(_table.Encode(x), bits);
        }

        Keep(SavedKind.Activation, _derivative.Values);
    }

    /// <summary>Whether an activation's derivative can be kept in a number of bits.</summary>
    public static bool Supports(ActivationKind activation, int bits) =>
        bits is 0 or 4 || activation is ActivationKind.Gelu or ActivationKind.GeluTanh or ActivationKind.Relu;

    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return [gradient.mul(Derivative()).MoveToOuterDisposeScope()];
    }

    /// <summary>The derivative as backward sees it.</summary>
    public Tensor Derivative()
    {
        if (_derivative.Bits == 0) return _derivative.Values;
        using var scope = NewDisposeScope();
        Tensor codes = _derivative.Codes();
        Tensor derivative = _isStep ? codes.to_type(_type)
            : _table is null ? DerivativeGrid.Decode(codes, _type)
            : _table.Decode(codes, _type);
        return derivative.MoveToOuterDisposeScope();
    }

    private static FewBitTable TableOf(ActivationKind activation, int bits) =>
        Supports(activation, bits) ? FewBitTable.Gelu(bits) : throw new ArgumentException(
            $"Activations must be saved in 4 bits where the backbone's is {activation}: there are tables for fewer "
            + $"bits for GELU only. Got {bits}.");
}
