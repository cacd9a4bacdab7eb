// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The identity, which keeps nothing.</summary>
internal sealed class SavedBoundary : SavedOperator
{
    public override Tensor?[] Gradients(Tensor gradient) => [gradient];
}
