// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says, before anything runs, how much memory a way of tuning takes.</summary>
internal static class MemoryModel
{
    private const int FloatBytes = sizeof(float);

    /// <summary>Numbers of single precision that are kept of a forward pass, for one example.</summary>
    public static double Expected(MemoryShape shape, MemoryMethod method) =>
        (method.Blocks(shape.BlockCount) * (method.PerBlock(shape) + method.Beside(shape))) + method.Once(shape);

    /// <summary>The same as a share of what full fine-tuning keeps.</summary>
    public static double Ratio(MemoryShape shape, MemoryMethod method) =>
        Expected(shape, method) / Expected(shape, MemoryMethod.Full);

    /// <summary>Bytes at the peak of a step: weights, gradients and both moments of what is trained, and activations.
    /// </summary>
    /// <param name="parameterCount">Weights, trained ones among them.</param>
    /// <param name="trainedCount">Weights that are trained.</param>
    /// <param name="floats">Numbers kept for one example.</param>
    /// <param name="batchSize">Examples of a step.</param>
    public static double PeakBytes(long parameterCount, long trainedCount, double floats, int batchSize) =>
        FloatBytes * (parameterCount + (3.0 * trainedCount) + (floats * batchSize));

    /// <summary>Bytes that a <see cref="SavingTape"/> keeps of one kind in one block, exactly.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="policy">What the tape keeps.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="batchSize">Examples of a step.</param>
    /// <param name="sideWidth">Channels of a side branch, 0 without.</param>
    public static long KeptBytes(
        MemoryShape shape, SavingPolicy policy, SavedKind kind, int batchSize, int sideWidth = 0)
    {
        long stream = batchSize * shape.Stream, tokens = (long)batchSize * shape.Tokens;
        long keys = stream + ((long)batchSize * shape.PrefixLength * shape.Width);
        bool coded = policy.CodedProjections;
        return kind switch
        {
            SavedKind.Normalized => 2 * Bytes(stream, policy.CodedNorms ? 4 : 0),
            SavedKind.NormStatistics => 2 * tokens * FloatBytes * (policy.CodedNorms ? 2 : 1),
            SavedKind.Projections => Bytes(stream, coded ? 4 : 0) + (2 * Bytes(keys, coded ? 4 : 0)),
            SavedKind.ProjectionScales => coded ? FloatBytes * (stream + (2 * keys)) / Group(shape) : 0,
            SavedKind.Probabilities => policy.Attention switch
            {
                AttentionSaving.Exact => Bytes(batchSize * shape.Maps, 0),
                AttentionSaving.Coded => Bytes(batchSize * shape.Maps, 4),
                _ => 0,
            },
            SavedKind.Activation => Bytes(batchSize * shape.Hidden, policy.ActivationBits),
            SavedKind.Gate => Bytes(batchSize * shape.Gate, 0),
            SavedKind.SideBranch => 2 * tokens * sideWidth * FloatBytes,
            SavedKind.SideStatistics => sideWidth > 0 ? tokens * FloatBytes : 0,
            _ => 0,
        };
    }

    private static long Group(MemoryShape shape) => SavedAttention.GroupSize(shape.Width / shape.HeadCount);

    private static long Bytes(long count, int bits) =>
        bits == 0 ? count * FloatBytes : CodePacking.ByteCount(count, bits);
}
