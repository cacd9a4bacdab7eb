// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML.Memory;

namespace VisualMemoryExample;

/// <summary>Says and draws why the memory took one image for what it is not.</summary>
internal static class MistakeReport
{
    private const int ShownCount = 3;

    /// <summary>Explains the closest mistake in three lines and a contact sheet.</summary>
    public static void Print(
        PredictionSet predictions, VisualMemoryTransformer memory, DemoImages images, string sheetPath)
    {
        Prediction mistake = predictions.ClosestMistake();
        string truth = predictions.TruthOf(mistake);
        int query = (int)mistake.Id;
        Explanation explanation = memory.Explain(FeaturesOf(images.Queries, query));
        File.WriteAllBytes(
            sheetPath,
            explanation.ToContactSheet(id => ImageOf(images.Memory, (int)id), ImageOf(images.Queries, query), truth));

        IEnumerable<string> nearest = explanation.Contributions.Take(ShownCount).Select(
            each => $"#{each.Id} {each.Label} at {each.Distance:F3} ({each.Share:P1})");
        Console.WriteLine(
            $"2. Closest mistake: query {query} is {truth} "
            + $"({predictions.ShareOf(mistake, truth):P1} of the vote), "
            + $"taken for {mistake.PredictedClass} ({mistake.Score.Max():P1}).");
        Console.WriteLine($"   Nearest (distance, share): {string.Join("; ", nearest)}.");
        Console.WriteLine(
            $"   All {explanation.Contributions.Count} are drawn in {sheetPath}: "
            + "green has the true label, red another.");
    }

    private static SheetImage ImageOf(ImageSet set, int id)
        => new(ImageSet.Side, ImageSet.Side, set.PixelsOf(id).ToArray());

    private static float[] FeaturesOf(ImageSet set, int id)
        => Array.ConvertAll(set.PixelsOf(id).ToArray(), pixel => (float)pixel);
}
