// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace NearestNeighborsExample;

/// <summary>Finds copies among thousands of images, removes them, then recommends images like a given one.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private const int CopyCount = 100;
    private const int SimilarCount = 10;

    /// <summary>Squared distance of two images that differ by 5 grey levels in every pixel.</summary>
    private const float SameImage = 5 * 5 * ImageSet.PixelCount;

    private readonly PlantedImages _planted = PlantedImages.Of(
        images.Memory.Take(options.IsQuick ? 2000 : 10_000), CopyCount, seed: 1);

    private readonly ImageSet _queries = images.Queries.Take(options.IsQuick ? 300 : 2000);
    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, (options, images) => new Program(new MLContext(seed: 1), options, images).Run());

    private int Run()
    {
        ImageSet all = _planted.Images;
        Console.WriteLine(
            $"{all.Count:N0} images, {CopyCount} of them copies, half of those with noise: {images.Source}.");
        Recommend(Deduplicate());
        return _checks.Finish();
    }

    /// <summary>Compares the images with each other: of those that are the same, the first stays.</summary>
    /// <returns>The ids of the images that stay.</returns>
    private int[] Deduplicate()
    {
        IDataView rows = View(_planted.Images);
        NearestNeighborsTransformer lookup = mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            IdColumnName = "Id",
            LeavesOutSameId = true,
            NeighborCount = null,
            Metric = Metric.SquaredEuclidean,
            LargestDistance = SameImage, // all of them, however many
        }).Fit(rows);
        long[] copies =
            [.. Find(lookup, rows).Where(row => row.NeighborIds.Any(id => id < row.Id)).Select(row => row.Id)];
        int planted = copies.Count(id => id >= _planted.FirstCopy);
        _checks.Add(
            $"1. {copies.Length} images have a twin before them; {planted} of the {CopyCount} copies are among them",
            planted == CopyCount);

        NearestNeighborsTransformer rest = lookup.Remove(copies);
        HashSet<long> gone = [.. copies];
        int[] kept = [.. Enumerable.Range(0, _planted.Images.Count).Where(id => !gone.Contains(id))];
        int left = Find(rest, View(_planted.Images, kept)).Count(row => row.NeighborIds.Length > 0);
        _checks.Add($"2. {rest.Count:N0} images are left without them, {left} of which have a twin", left == 0);
        return kept;
    }

    /// <summary>More like this: the nearest images of a given one, with what is known of them.</summary>
    private void Recommend(int[] kept)
    {
        IDataView rows = View(_planted.Images, kept);
        NearestNeighborsTransformer lookup = mlContext.Transforms
            .NearestNeighbors(idColumnName: "Id", neighborCount: SimilarCount, storedColumnNames: "Label").Fit(rows);
        var engine = mlContext.Model.CreatePredictionEngine<ImageRow, Found>(lookup);
        Found one = engine.Predict(_queries.Rows("One image", [0]).Single());
        Console.WriteLine(
            $"3. More like this {one.Label}: {string.Join(", ", one.NeighborLabel.Zip(one.NeighborIds, Named))}.");

        Found[] found = [.. Find(lookup, View(_queries))];
        double alike = found.Average(row => row.NeighborLabel.Count(label => label == row.Label)) / SimilarCount;
        double baseline = found.CountBy(row => row.Label).Max(pair => pair.Value) / (double)found.Length;
        _checks.Add(
            $"4. {alike:P1} of what is recommended is of the same class; {baseline:P1} would be by the largest class",
            alike > baseline + 0.4);

        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "lookup.zip");
        mlContext.Model.Save(lookup, rows.Schema, path);
        Found[] again = [.. Find(mlContext.Model.Load(path, out _), View(_queries))];
        bool isSame = found.Zip(again).All(pair => pair.First.NeighborIds.SequenceEqual(pair.Second.NeighborIds));
        _checks.Add($"5. Saved {path} ({new FileInfo(path).Length / 1e6:F1} MB) and loaded it", isSame);

        static string Named(string label, long id) => $"{label} ({id})";
    }

    private IDataView View(ImageSet set, int[]? ids = null)
        => mlContext.Data.LoadFromEnumerable(set.Rows("Reading", ids));

    private IEnumerable<Found> Find(ITransformer lookup, IDataView rows)
        => mlContext.Data.CreateEnumerable<Found>(
            lookup.Transform(rows), reuseRowObject: false, ignoreMissingColumns: true);
}
