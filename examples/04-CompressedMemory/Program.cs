// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace CompressedMemoryExample;

/// <summary>Thousands of images in a few kilobytes: a bank of codes beside the bank of the images themselves.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private readonly ImageSet _memory = images.Memory.Take(options.IsQuick ? 2000 : 20_000);
    private readonly ImageSet _queries = images.Queries.Take(options.IsQuick ? 500 : 2000);
    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, (options, images) => new Program(new MLContext(seed: 1), options, images).Run());

    private int Run()
    {
        Console.WriteLine($"{_memory.Count:N0} images to remember, {_queries.Count:N0} to ask about: {images.Source}.");
        var trainers = mlContext.MulticlassClassification.Trainers;
        double whole = Accuracy(Fit(trainers.VisualMemory(neighborCount: 10)));
        ITransformer model = Fit(trainers.CompressedMemory(new CompressedMemoryOptions { IdColumnName = "Id" }));
        ITransformer attentive = Fit(trainers.CompressedMemory(read: CodeRead.Attention));
        double compressed = Accuracy(model);
        _checks.Add($"1. {compressed:P1} are right by codes; {whole:P1} by the images", compressed > whole - 0.06);
        double attended = Accuracy(attentive);
        _checks.Add($"   {attended:P1} by attention, corrected", attended > whole - 0.06);

        var memory = model.FindMemory<CompressedMemoryTransformer>();
        long raw = (long)_memory.Count * ImageSet.PixelCount * sizeof(float);
        Console.WriteLine($"2. {raw / 1e6:F1} MB of pixels became {memory.Model.IndexBytes / 1e3:F1} kB of codes "
            + $"({memory.Model.BankBytes / 1e3:F0} kB with classes and ids) and a codebook of "
            + $"{memory.Model.CodebookBytes / 1e6:F1} MB; {memory.Model.UsedCodeCount} of 512 codes are in use.");

        long[] ids = [.. memory.Model.Ids.Where(id => id % 2 == 0)];
        CompressedMemoryTransformer half = memory.Remove(ids);
        CompressedMemoryTransformer again = half.Add(View(_memory, [.. ids.Select(id => (int)id)]));
        double restored = Accuracy(model.WithMemory(again));
        _checks.Add(
            $"3. {ids.Length:N0} images removed and added again, forward only: {restored:P1}", restored == compressed);

        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "compressed.zip");
        mlContext.Model.Save(model, View(_memory).Schema, path);
        double loaded = Accuracy(mlContext.Model.Load(path, out _));
        _checks.Add($"4. Saved {path} ({new FileInfo(path).Length / 1e6:F1} MB) and loaded it", loaded == compressed);
        return _checks.Finish();
    }

    private ITransformer Fit(IEstimator<ITransformer> trainer)
        => mlContext.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(View(_memory));

    private IDataView View(ImageSet set, int[]? ids = null)
        => mlContext.Data.LoadFromEnumerable(set.Rows("Reading", ids));

    private double Accuracy(ITransformer model)
        => mlContext.MulticlassClassification.Evaluate(model.Transform(View(_queries))).MicroAccuracy;
}
