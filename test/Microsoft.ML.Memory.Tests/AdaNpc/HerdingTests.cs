// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class HerdingTests
{
    private static readonly GoldenHerding _golden = GoldenFiles.Json<GoldenHerding>("herding/trace.json");

    [TestMethod]
    public void Select_points_on_a_line_equals_reference()
        => CollectionAssert.AreEqual(
            _golden.Points.Picked.Select(point => Array.IndexOf(_golden.Points.X, point)).ToArray(),
            Herding.SelectAsGiven(_golden.Points.X, 1, _golden.Points.Picked.Length));

    [TestMethod]
    public void Select_rows_equals_reference_and_fewer_are_a_prefix()
    {
        float[] rows = [.. _golden.Rows.SelectMany(row => row).Select(value => (float)value)];
        int d = _golden.Rows[0].Length;

        for (int count = 0; count <= _golden.Picked.Length; count++)
            CollectionAssert.AreEqual(_golden.Picked[..count], Herding.Select(rows, d, count));
    }

    [TestMethod]
    public void Select_all_rows_gives_each_once()
    {
        float[] rows = Streams.Rows(20, seed: 1, drift: 0);

        CollectionAssert.AreEqual(Enumerable.Range(0, 20).ToArray(), Herding.Select(rows, 4, 20).Order().ToArray());
    }

    [TestMethod]
    public void Select_bad_arguments_are_refused()
    {
        Refusal.Assert<ArgumentException>(
            "rows must be [n, 2]. Got 3 values. (Parameter 'rows')", () => Herding.Select([1, 2, 3], 2, 1));
        Refusal.Assert<ArgumentException>(
            "count must be in [0, 2]. Got 3. (Parameter 'count')", () => Herding.Select([1, 2, 3, 4], 2, 3));
        Refusal.Assert<ArgumentException>(
            "rows must be finite. Got NaN or infinity in row 1. (Parameter 'rows')",
            () => Herding.Select([1, 2, 3, float.NaN], 2, 1));
    }

    private sealed record GoldenHerding(GoldenPoints Points, double[][] Rows, int[] Picked);

    private sealed record GoldenPoints(double[] X, double[] Picked);
}
