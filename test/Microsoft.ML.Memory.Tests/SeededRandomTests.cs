// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests;

[TestClass]
public sealed class SeededRandomTests
{
    // The published definition, worked out by hand for the state 1, 2, 3, 4.
    [TestMethod]
    public void NextBits_state_1_2_3_4_gives_the_published_stream()
    {
        var random = new SeededRandom([1UL, 2, 3, 4]);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()];

        CollectionAssert.AreEqual(new ulong[] { 11520, 0, 1509978240, 1215971899390074240 }, bits);
    }

    [TestMethod]
    public void NextBits_same_seed_same_stream_other_seed_another()
    {
        ulong[] Stream(long seed)
        {
            var random = new SeededRandom(seed);
            return [.. Enumerable.Range(0, 8).Select(_ => random.NextBits())];
        }

        CollectionAssert.AreEqual(Stream(7), Stream(7));
        Assert.IsFalse(Stream(7).SequenceEqual(Stream(8)));
    }

    [TestMethod]
    public void State_given_to_a_new_stream_goes_on_where_the_old_was()
    {
        var random = new SeededRandom(3);
        random.NextBits();
        var copy = new SeededRandom(random.State);

        Assert.AreEqual(random.NextBits(), copy.NextBits());
    }

    [TestMethod]
    public void Next_each_number_about_equally_often()
    {
        var random = new SeededRandom(1);
        int[] counts = new int[5];
        for (int draw = 0; draw < 50_000; draw++) counts[random.Next(5)]++;

        // Five standard deviations of a binomial count with 50,000 draws at 1/5.
        foreach (int count in counts) Assert.AreEqual(10_000, count, 450);
    }

    [TestMethod]
    public void NextGaussian_mean_0_and_variance_1()
    {
        var random = new SeededRandom(2);
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextGaussian())];

        Assert.AreEqual(0, values.Average(), 0.04);
        Assert.AreEqual(1, values.Average(value => value * value), 0.06);
    }

    [TestMethod]
    public void Shuffle_keeps_every_value()
    {
        int[] values = [.. Enumerable.Range(0, 100)];
        new SeededRandom(5).Shuffle(values.AsSpan());

        Assert.IsFalse(values.SequenceEqual(Enumerable.Range(0, 100)));
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), values);
    }

    [TestMethod]
    public void Next_bound_below_1_is_refused()
        => Assert.AreEqual(
            "bound must be at least 1. Got 0. (Parameter 'bound')",
            Assert.ThrowsExactly<ArgumentException>(() => new SeededRandom(1).Next(0)).Message);
}
