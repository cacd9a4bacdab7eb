// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests;

/// <summary>Compares what searches found.</summary>
internal static class Neighbors
{
    /// <summary>Asserts that two searches found the same entries at the same distances.</summary>
    public static void AssertSame(NeighborTable expected, NeighborTable found)
    {
        Assert.AreEqual(expected.QueryCount, found.QueryCount);
        for (int query = 0; query < expected.QueryCount; query++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(query).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray());
        }
    }
}
