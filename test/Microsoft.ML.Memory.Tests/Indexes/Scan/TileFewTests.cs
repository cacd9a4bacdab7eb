// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class TileFewTests
{
    [TestMethod]
    public void Scores_that_nobody_asks_for_never_pass()
    {
        float* rows = stackalloc float[TileFew.Rows], scores = stackalloc float[TileFew.Rows * TileFew.Queries];
        float* panel = stackalloc float[TileFew.Queries], scales = stackalloc float[TileFew.Rows];
        float* offsets = stackalloc float[TileFew.Rows], thresholds = stackalloc float[TileFew.Queries];
        uint* passed = stackalloc uint[TileFew.Rows];
        new Span<float>(panel, TileFew.Queries).Fill(1);
        new Span<float>(scales, TileFew.Rows).Fill(1);
        new Span<float>(offsets, TileFew.Rows).Clear();
        new Span<float>(scores, TileFew.Rows * TileFew.Queries).Clear();
        new Span<float>(thresholds, TileFew.Queries).Fill(float.PositiveInfinity);
        (thresholds[0], thresholds[1]) = (5, 6);
        new Span<float>([7, 6, 5, 0]).CopyTo(new Span<float>(rows, TileFew.Rows));
        offsets[3] = float.NaN; // a row that is not trusted
        var terms = new TileTerms(scales, offsets, thresholds);

        uint any = TileFew.Score<Product>(rows, panel, 1, 2, terms, scores, passed);

        Assert.AreEqual(3u, any);
        CollectionAssert.AreEqual(new uint[] { 3, 1, 0, 3 }, new Span<uint>(passed, TileFew.Rows).ToArray());
        offsets[3] = 0;
        (rows[0], rows[1]) = (1, 2);
        Assert.AreEqual(0u, TileFew.Score<Product>(rows, panel, 1, 2, terms, scores, passed));
    }
}
