// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A layer norm's x̂ and one over its deviation: dx = rstd (h - mean h - x̂ mean(h x̂)) with h = g weight.
/// </summary>
internal sealed class SavedNorm : SavedOperator
{
    private readonly NormLayer _norm;
    private readonly bool _needsInput;
    private readonly SavedTensor _normalized;
    private readonly Tensor? _scale;
    private readonly Tensor _inverse;

    /// <param name="x">[.., D], without a graph.</param>
    /// <param name="norm">The layer.</param>
    /// <param name="coded">Whether x̂ is kept in codes.</param>
    /// <param name="needsInput">Whether x takes a gradient.</param>
    public SavedNorm(Tensor x, NormLayer norm, bool coded, bool needsInput)
    {
        (_norm, _needsInput) = (norm, needsInput);
        using var scope = NewDisposeScope();
        Tensor centred = x.sub(x.mean([-1], keepdim: true));
        Tensor variance = centred.square().mean([-1], keepdim: true);
        _inverse = Keep(SavedKind.NormStatistics, variance.add_(norm.Epsilon).rsqrt());
        Tensor normalized = centred.mul_(_inverse);
        if (coded)
        {
            (Tensor codes, Tensor scale) = ScaledCodes.Encode(normalized);
            _scale = Keep(SavedKind.NormStatistics, scale);
            _normalized = SavedTensor.Packed(codes, 4);
        }
        else
        {
            _normalized = SavedTensor.Exact(normalized);
        }

        Keep(SavedKind.Normalized, _normalized.Values);
    }

    /// <summary>x̂, as it is kept.</summary>
    public Tensor Normalized => _scale is null ? _normalized.Values : ScaledCodes.Decode(_normalized.Codes(), _scale);

    /// <summary>Gradients of x, weight and bias.</summary>
    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        long width = gradient.size(-1);
        Tensor normalized = Normalized;
        Tensor? weight = !_norm.Weight.requires_grad ? null
            : gradient.mul(normalized).reshape(-1, width).sum([0L]);
        Tensor? bias = !_norm.Bias.requires_grad ? null : gradient.reshape(-1, width).sum([0L]);
        Tensor? x = _needsInput ? OfInput(gradient.mul(_norm.Weight), normalized) : null;
        return [x?.MoveToOuterDisposeScope(), weight?.MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope()];
    }

    private Tensor OfInput(Tensor scaled, Tensor normalized)
    {
        Tensor along = scaled.mul(normalized).mean([-1], keepdim: true);
        Tensor mean = scaled.mean([-1], keepdim: true);
        return scaled.sub_(mean).sub_(normalized.mul(along)).mul_(_inverse);
    }
}
