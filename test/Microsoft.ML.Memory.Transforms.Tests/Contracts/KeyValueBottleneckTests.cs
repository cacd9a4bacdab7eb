// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

[TestClass]
public sealed class KeyValueBottleneckTests : MemoryClassifierContract
{
    private protected override IEstimator<ITransformer> CreateTrainer(MLContext mlContext)
        => mlContext.MulticlassClassification.Trainers.KeyValueBottleneck(
            new KeyValueBottleneckOptions { HeadCount = 8, PairCount = 12, KeyDimension = 3, BatchSize = 64 });
}
