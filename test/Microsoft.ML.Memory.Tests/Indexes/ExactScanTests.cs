// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class ExactScanTests
{
    [TestMethod]
    public void Search_random_shapes_equals_brute_force_in_double()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20_261_120, 7);

        FsCheck.Check.One(config, Prop.ForAll(ScanCase.Arbitrary, EqualsBruteForce));
    }

    private static bool EqualsBruteForce(ScanCase given)
    {
        using ScannedRows rows = given.MakeRows();
        float[] queries = given.MakeQueries(rows.Rows);
        var found = new NeighborTable();

        rows.Search(queries, given.K, found, given.Threads, given.Width);

        BruteForce.AssertEqual(rows, queries, given.K, found);
        return true;
    }
}
