// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A tensor that training changes, or that is saved with those.</summary>
/// <param name="Name">Its name in saved adapters.</param>
/// <param name="Tensor">A leaf; takes gradients where it is trained.</param>
/// <param name="Decayed">Whether weight decay applies: to matrices, not to biases, norms, gates and token
/// tables.</param>
internal sealed record TrainedTensor(string Name, Tensor Tensor, bool Decayed);
