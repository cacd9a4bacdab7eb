// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class AdamTests
{
    private const int Count = 5;
    private const double Rate = 0.03;

    [TestMethod]
    public void Steps_are_those_of_the_formula_bit_for_bit()
    {
        var random = new Random(20_261_122);
        var adam = new Adam(Count);
        (double First, double Second)[] moments = new (double, double)[Count];
        for (int step = 1; step <= 60; step++)
        {
            if (step == 30)
            {
                adam.Forget(1, 2);
                moments.AsSpan(1, 2).Clear();
            }

            adam.BeginStep();
            for (int index = 0; index < Count; index++)
            {
                double gradient = random.NextDouble() - 0.5;
                ref (double First, double Second) own = ref moments[index];
                own.First = (0.9 * own.First) + ((1 - 0.9) * gradient);
                own.Second = (0.999 * own.Second) + ((1 - 0.999) * gradient * gradient);
                double expected = Rate * (own.First / (1 - Math.Pow(0.9, step)))
                    / (Math.Sqrt(own.Second / (1 - Math.Pow(0.999, step))) + 1e-8);

                Assert.AreEqual(expected, adam.ChangeOf(index, gradient, Rate), $"value {index} in step {step}");
            }
        }
    }

    [TestMethod]
    public void A_first_step_is_as_long_as_the_learning_rate()
    {
        var vector = new AdamVector([1, 1]);
        vector.Gradients[0] = 7;
        vector.Gradients[1] = -0.5f;

        vector.Step(0.25);

        Approx.AssertEqual([0.75, 1.25], [vector.Values[0], vector.Values[1]], Approx.Float, "values");
    }
}
