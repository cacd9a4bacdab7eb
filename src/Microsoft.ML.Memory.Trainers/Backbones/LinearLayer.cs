// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>y = x Wᵀ + b, W of [out, in].</summary>
/// <param name="name">Dotted name of the module in the checkpoint.</param>
/// <param name="weight">[out, in].</param>
/// <param name="bias">[out], or null where the layer has none.</param>
internal sealed class LinearLayer(string name, Tensor weight, Tensor? bias)
{
    public string Name => name;

    public Tensor Weight => weight;

    public Tensor? Bias => bias;

    /// <summary>A layer of copies, without a graph, in the caller's dispose scope.</summary>
    /// <param name="copyName">Name of the copy.</param>
    /// <param name="device">Where it goes.</param>
    public LinearLayer Copy(string copyName, Device device) => new(
        copyName, weight.detach().to(device, copy: true), bias?.detach().to(device, copy: true));

    /// <summary>[.., in] -> [.., out], in the type of what enters.</summary>
    public Tensor Apply(Tensor x)
    {
        ScalarType type = x.dtype;
        if (weight.dtype == type && (bias is null || bias.dtype == type))
            return nn.functional.linear(x, weight, bias);
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, weight.Like(x), bias?.Like(x)).MoveToOuterDisposeScope();
    }
}
