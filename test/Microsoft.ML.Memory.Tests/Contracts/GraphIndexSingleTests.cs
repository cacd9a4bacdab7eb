// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Contracts;

[TestClass]
public sealed class GraphIndexSingleTests : VectorIndexContract
{
    protected override IVectorIndex Create(int dimension, Metric metric)
        => new GraphIndex(dimension, metric, new GraphSettings { Encoding = VectorEncoding.Single });
}
