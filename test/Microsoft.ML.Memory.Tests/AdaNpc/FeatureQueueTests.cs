// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class FeatureQueueTests
{
    [TestMethod]
    [DataRow(1e30f)]
    [DataRow(1e-30f)]
    public void Queue_scales_features_of_any_magnitude_to_length_one(float magnitude)
    {
        var queue = new FeatureQueue(1, 2);

        queue.Add([3 * magnitude, 4 * magnitude], [0]);

        Assert.AreEqual(0.6f, queue.FeaturesAt(0)[0], Approx.Float);
        Assert.AreEqual(0.8f, queue.FeaturesAt(0)[1], Approx.Float);
    }

    [TestMethod]
    public void Queue_of_more_numbers_than_an_array_holds_is_refused()
        => Refusal.Assert<ArgumentException>(
            $"FeatureQueue's capacity must be at most {Array.MaxLength / 4096} for features of length 4096. "
            + "Got 1000000. (Parameter 'capacity')",
            () => new FeatureQueue(1_000_000, 4096));
}
