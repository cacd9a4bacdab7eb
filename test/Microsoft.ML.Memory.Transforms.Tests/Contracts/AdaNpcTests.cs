// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

[TestClass]
public sealed class AdaNpcTests : MemoryClassifierContract
{
    private protected override IEstimator<ITransformer> CreateTrainer(MLContext mlContext)
        => mlContext.MulticlassClassification.Trainers.AdaNpc(new AdaNpcOptions
        {
            NeighborCount = 5,
            NeighborColumns = NeighborColumns.All,
            ConfidenceColumnName = "Confidence",
        });
}
