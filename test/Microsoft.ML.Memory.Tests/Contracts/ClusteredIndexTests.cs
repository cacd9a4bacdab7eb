// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Contracts;

[TestClass]
public sealed class ClusteredIndexTests : VectorIndexContract
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    protected override IVectorIndex Create(int dimension, Metric metric)
        => _folder.Keep(ClusteredIndex.Create(
            _folder.NewPath(), dimension, metric, new ClusteredSettings { FlushEachChange = false }));
}
