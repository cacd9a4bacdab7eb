// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace RegressionExample;

/// <summary>Draws sales: dear around the centre, dearer by the river, in a new quarter twice as dear.</summary>
internal static class Town
{
    private const double Side = 10, QuarterStart = 8;

    public static Sale[] OldSales(int count, int seed, long firstId)
        => Draw(count, seed, firstId, 0, QuarterStart, 1);

    public static Sale[] NewSales(int count, int seed, long firstId)
        => Draw(count, seed, firstId, QuarterStart, Side, 2);

    private static Sale[] Draw(int count, int seed, long firstId, double from, double to, double factor)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            double east = from + ((to - from) * random.NextDouble());
            double north = from + ((to - from) * random.NextDouble());
            double size = 40 + (120 * random.NextDouble());
            double centre = Math.Exp(-(Math.Pow(east - 4, 2) + Math.Pow(north - 4, 2)) / 6);
            double river = Math.Exp(-Math.Pow(north - 2 - Math.Sin(east), 2));
            double noise = 0.95 + (0.1 * random.NextDouble());
            return new Sale
            {
                Id = firstId + index,
                East = (float)east,
                North = (float)north,
                Size = (float)size,
                Price = (float)(size * (2 + (3 * centre) + river) * factor * noise),
            };
        })];
    }
}
