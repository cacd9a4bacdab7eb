// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

[TestClass]
public sealed class CompressedAttentionTests : MemoryClassifierContract
{
    private protected override IEstimator<ITransformer> CreateTrainer(MLContext mlContext)
        => mlContext.MulticlassClassification.Trainers.CompressedMemory(new CompressedMemoryOptions
        {
            CodeCount = 24,
            BatchSize = 32,
            Epochs = 20,
            Read = CodeRead.Attention,
            CorrectionRank = 2,
        });
}
