// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

[TestClass]
public sealed class QuantizedMemoryTests : MemoryClassifierContract
{
    private protected override IEstimator<ITransformer> CreateTrainer(MLContext mlContext)
        => mlContext.MulticlassClassification.Trainers.VisualMemory(
            new VisualMemoryOptions
            {
                NeighborCount = 5,
                NeighborColumns = NeighborColumns.All,
                Index = new IndexOptions
                {
                    Strategy = SearchStrategy.Quantized,
                    Quantization = new QuantizedSettings { TrainingCount = 50, KeepVectors = false },
                },
            });
}
