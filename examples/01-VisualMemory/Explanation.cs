// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace VisualMemoryExample;

/// <summary>Says and draws why the memory took one image for what it is not.</summary>
internal static class Explanation
{
    private const int ShownCount = 3;

    /// <summary>Explains the closest mistake in three lines and a contact sheet.</summary>
    public static void Print(PredictionSet predictions, DemoImages images, string sheetPath)
    {
        Prediction mistake = predictions.ClosestMistake();
        ContactSheet.Write(sheetPath, mistake, images.Queries, images.Memory);

        string truth = predictions.TruthOf(mistake);
        IEnumerable<string> nearest = mistake.NeighborIds.Take(ShownCount).Select((id, rank) =>
            $"#{id} {images.Memory.LabelOf((int)id)} at {mistake.NeighborDistances[rank]:F3} "
            + $"({mistake.NeighborWeights[rank]:P1})");
        Console.WriteLine(
            $"2. Closest mistake: query {mistake.Id} is {truth} "
            + $"({predictions.ShareOf(mistake, truth):P1} of the vote), "
            + $"taken for {mistake.PredictedClass} ({mistake.Score.Max():P1}).");
        Console.WriteLine($"   Nearest (distance, share): {string.Join("; ", nearest)}.");
        Console.WriteLine(
            $"   All {mistake.NeighborIds.Length} are drawn in {sheetPath}: green has the true label, red another.");
    }
}
