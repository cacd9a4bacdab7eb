// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A piece of the buffers of <see cref="FlatTensors"/>; all tensors are [n].</summary>
/// <param name="Decayed">Whether weight decay applies to all of it.</param>
/// <param name="Value">The trained numbers.</param>
/// <param name="Gradient">Their gradients.</param>
/// <param name="First">Their first moments.</param>
/// <param name="Second">Their second moments.</param>
internal sealed record FlatPart(bool Decayed, Tensor Value, Tensor Gradient, Tensor First, Tensor Second)
    : IDisposable
{
    public void Dispose()
    {
        foreach (Tensor piece in new[] { Value, Gradient, First, Second }) piece.Dispose();
    }
}
