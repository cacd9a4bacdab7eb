// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Contracts;

[TestClass]
public sealed class ClusteredIndexListsTests : VectorIndexContract
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    protected override IVectorIndex Create(int dimension, Metric metric)
        => _folder.Keep(new CompactingIndex(ClusteredIndex.Create(
            _folder.NewPath(),
            dimension,
            metric,
            new ClusteredSettings
            {
                ListLength = 3,
                NearHeadCount = 8,
                AddedCount = 1000,
                MemoryBytes = 16 << 20,
                FlushEachChange = false,
            })));
}
