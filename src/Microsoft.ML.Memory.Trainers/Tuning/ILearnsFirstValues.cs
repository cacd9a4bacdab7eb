// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A method whose first values may come of training examples: who trains asks before the first step.</summary>
internal interface ILearnsFirstValues
{
    /// <summary>Most examples that are wanted; 0 where the first values need none.</summary>
    int FirstValueExamples { get; }

    /// <summary>Sets the trained tensors.</summary>
    /// <param name="backbone">The backbone, which stays as it is.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="examples">Batches of any size with labels [B] of Int64; each example is used alone.</param>
    void LearnFirstValues(
        Backbone backbone, int classCount, IEnumerable<(BackboneBatch Batch, Tensor Labels)> examples);
}
