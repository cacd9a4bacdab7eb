// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Contracts;

[TestClass]
public sealed class QuantizedIndexTests : VectorIndexContract
{
    protected override IVectorIndex Create(int dimension, Metric metric) => new QuantizedIndex(dimension, metric);
}
