// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>The images of the demo and where they came from.</summary>
/// <param name="Memory">What is remembered.</param>
/// <param name="Queries">What is asked about.</param>
/// <param name="Source">Where the images came from, as people read it.</param>
/// <param name="Arguments">Command line with which another process gets the same images.</param>
/// <param name="Goal">What the accuracy must come to.</param>
internal sealed record DemoImages(
    ImageSet Memory, ImageSet Queries, string Source, string[] Arguments, AccuracyGoal Goal)
{
    private const int QuickMemoryCount = 6000;
    private const int QuickQueryCount = 1000;
    private const int DrawnFactor = 2;
    private const double DrawnFloor = 0.95;

    /// <summary>Finds, downloads or draws the images.</summary>
    /// <exception cref="ArgumentException">The folder that was given has no data.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static DemoImages Load(DemoOptions options)
    {
        if (options.IsDrawn) return Draw(options, "as --drawn asked");

        string? folder = DataFolder.Find(options.Catalog, options.Data);
        if (folder is not null) return Read(options, folder);

        string? reason = Download.TryFill(options.Catalog);
        folder = DataFolder.Find(options.Catalog, null);
        return folder is null ? Draw(options, $"no data found and no download ({reason})") : Read(options, folder);
    }

    private static DemoImages Draw(DemoOptions options, string reason)
    {
        int factor = options.IsQuick ? 1 : DrawnFactor;
        return new DemoImages(
            DrawnDigits.Draw(factor * QuickMemoryCount, seed: 1),
            DrawnDigits.Draw(factor * QuickQueryCount, seed: 2),
            $"digits drawn by this program, {reason}",
            options.IsQuick ? ["--drawn", "--quick"] : ["--drawn"],
            new AccuracyGoal(DrawnFloor, IsFloor: true));
    }

    private static DemoImages Read(DemoOptions options, string folder)
    {
        ImageSet memory = Read(folder, 0, options.Catalog);
        ImageSet queries = Read(folder, 2, options.Catalog);
        string dataset = options.Catalog == ImageCatalog.Fashion ? "fashion" : "mnist";
        string[] arguments = ["--dataset", dataset, "--data", folder];
        string source = $"{options.Catalog.Folder} from {Path.GetRelativePath(Environment.CurrentDirectory, folder)}";
        return options.IsQuick
            ? new DemoImages(
                memory.Take(QuickMemoryCount),
                queries.Take(QuickQueryCount),
                source,
                [.. arguments, "--quick"],
                new AccuracyGoal(options.Catalog.QuickFloor, IsFloor: true))
            : new DemoImages(
                memory, queries, source, arguments, new AccuracyGoal(options.Catalog.Accuracy, IsFloor: false));
    }

    private static ImageSet Read(string folder, int first, ImageCatalog catalog)
    {
        string labelPath = PathOf(folder, first + 1);
        byte[] pixels = IdxFile.Read(PathOf(folder, first), ImageSet.Side, ImageSet.Side);
        byte[] labels = IdxFile.Read(labelPath);
        if (labels.Length * ImageSet.PixelCount != pixels.Length)
        {
            throw new InvalidDataException(
                $"File '{labelPath}' must have a label for each of {pixels.Length / ImageSet.PixelCount} images. "
                + $"Got {labels.Length}.");
        }

        return labels.Max() < catalog.ClassNames.Length
            ? new ImageSet(pixels, labels, catalog.ClassNames)
            : throw new InvalidDataException(
                $"File '{labelPath}' must hold labels below {catalog.ClassNames.Length}. Got {labels.Max()}.");
    }

    private static string PathOf(string folder, int index)
        => DataFolder.FileIn(folder, ImageCatalog.FileNames[index])
            ?? throw new InvalidDataException(
                $"Folder '{folder}' must hold {ImageCatalog.FileNames[index]}. Got a folder without it.");
}
