// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class SelectionTests
{
    [TestMethod]
    public void Reached_is_at_or_a_little_below_the_kth_largest()
    {
        Gen<float> numbers = Gen.Choose(-1000, 1000).Select(number => number / 7f);
        Gen<(float[] Values, int K)> cases =
            from values in numbers.NonEmptyListOf()
            from k in Gen.Choose(1, values.Count)
            select (values.ToArray(), k);

        Config config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_261_121, 7);
        FsCheck.Check.One(config, Prop.ForAll(cases.ToArbitrary(), one =>
        {
            float kth = one.Values.OrderDescending().ElementAt(one.K - 1);
            float reached = Reached(one.Values, one.K);
            float range = one.Values.Max() - one.Values.Min();
            return reached <= kth && kth - reached <= (range / 4096) + 1e-4f;
        }));
    }

    [TestMethod]
    [DataRow(float.NegativeInfinity)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.MaxValue)]
    public void Reached_holds_where_the_range_is_not_finite(float extreme)
    {
        float[] values = [3, extreme, -float.MaxValue, 1, 2];

        for (int k = 1; k <= values.Length; k++)
            Assert.AreEqual(values.OrderDescending().ElementAt(k - 1), Reached(values, k));
    }

    [TestMethod]
    public void Reached_tells_values_apart_beside_a_few_far_away()
    {
        float[] values = [1e9f, .. Enumerable.Range(0, 200).Select(value => value / 7f), -1e12f];

        foreach (int k in (int[])[1, 2, 17, 60, 202])
        {
            int reaching = values.Count(value => value >= Reached(values, k));
            Assert.IsGreaterThanOrEqualTo(k, reaching);
            Assert.IsLessThanOrEqualTo(k + ((202 - k) / 4), reaching);
        }
    }

    private static float Reached(float[] values, int k)
    {
        float[] room = [.. values, .. new float[Vector<float>.Count]];
        fixed (float* first = room) return Selection.Reached(first, values.Length, k);
    }
}
