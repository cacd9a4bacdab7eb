// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.Maps;

/// <summary>Maps of real digits against the principal plane, which every neighbour map has to beat.</summary>
[TestClass]
public sealed class DigitMapTests
{
    private const int SampleCount = 200;

    [TestMethod]
    public void Mnist_neighbours_stay_together()
    {
        MnistDigits digits = MnistDigits.Train(5_000);

        AssertBeatsPlane(digits.Memory(), digits.Labels, trust: 0.94, sameClass: 0.87, planeTrust: 0.8);
    }

    [TestMethod]
    public void Optdigits_neighbours_stay_together()
    {
        Optdigits digits = Optdigits.Train();

        AssertBeatsPlane(digits.Memory(), digits.Labels, trust: 0.97, sameClass: 0.95, planeTrust: 0.85);
    }

    private static void AssertBeatsPlane(
        BankSnapshot memory, int[] labels, double trust, double sameClass, double planeTrust)
    {
        EntryMap plane = EntryMap.Principal(memory);
        EntryMap map = EntryMap.OfNeighbors(
            EntryNeighbors.Of(memory, options: new SearchOptions { Precision = ScanPrecision.Single }),
            new EntryMapSettings { EpochCount = 100 },
            plane);

        double found = map.MeasureTrustworthiness(15, SampleCount);
        double shadow = plane.MeasureTrustworthiness(15, SampleCount);
        double right = SameClass(map, labels), shadowRight = SameClass(plane, labels);
        Assert.IsGreaterThan(trust, found);
        Assert.IsGreaterThan(sameClass, right);
        Assert.IsLessThan(planeTrust, shadow);
        Assert.IsLessThan(right - 0.25, shadowRight);
    }

    private static double SameClass(EntryMap map, int[] labels)
    {
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        for (int row = 0; row < map.Count; row++) bank.Add([map.X[row], map.Y[row]], labels[row]);
        EntryNeighbors nearest = EntryNeighbors.Of(bank.Snapshot(), 1);
        return Enumerable.Range(0, map.Count).Count(row => labels[row] == labels[nearest.PositionsOf(row)[0]])
            / (double)map.Count;
    }
}
