// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>How much each weight of a block counts; tensors of the weights' shapes, none negative.</summary>
internal sealed record BlockImportance(Tensor Query, Tensor Key, Tensor Value, Tensor Output, Tensor Up, Tensor Down);
