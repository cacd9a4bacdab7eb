// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Xml.Linq;

namespace Microsoft.ML.Memory.Repository;

/// <summary>A project of somebody who uses the packages.</summary>
internal static class ConsumerProject
{
    /// <summary>What the program prints, of a model that it fitted and of one that it loaded.</summary>
    /// <remarks>Rank votes of 3 neighbours weigh 1/2, 1/3 and 1/4: two of the right class come first.</remarks>
    public const string Answer = "cat 0.7692\ndog 0.7692\n4 entries\n";

    /// <summary>What it does: fits and saves a model where it is asked to, then loads and asks it.</summary>
    public const string Program = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Memory;

        var mlContext = new MLContext(seed: 1);
        if (args is ["fit", var target])
        {
            Row[] rows = [new("cat", [1, 0]), new("cat", [0.9f, 0.2f]), new("dog", [0, 1]), new("dog", [0.1f, 0.8f])];
            IDataView train = mlContext.Data.LoadFromEnumerable(rows);
            var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 3))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            mlContext.Model.Save(pipeline.Fit(train), train.Schema, target);
        }

        ITransformer model = mlContext.Model.Load(args[1], out _);
        var engine = mlContext.Model.CreatePredictionEngine<Row, Prediction>(model);
        foreach (float[] features in new float[][] { [0.7f, 0.1f], [0.2f, 0.6f] })
        {
            Prediction answer = engine.Predict(new Row("", features));
            Console.WriteLine(FormattableString.Invariant($"{answer.PredictedLabel} {answer.Score.Max():F4}"));
        }

        Console.WriteLine($"{model.FindMemory<VisualMemoryTransformer>().Model.Count} entries");

        internal sealed record Row(string Label, [property: VectorType(2)] float[] Features);

        internal sealed class Prediction
        {
            public string PredictedLabel { get; set; } = "";
            public float[] Score { get; set; } = [];
        }
        """;

    /// <summary>Writes a project that takes packages from the feed and from where this machine has them.</summary>
    /// <param name="folder">Where it is written.</param>
    /// <param name="feed">Where the packages lie.</param>
    /// <param name="restored">Where they are unpacked, so that the folder of this machine stays as it is.</param>
    /// <param name="program">Its only source file.</param>
    public static void Write(string folder, string feed, string restored, string program)
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        static XElement Add(string key, string value)
            => new("add", new XAttribute("key", key), new XAttribute("value", value));
        new XElement("configuration",
            new XElement("config", Add("signatureValidationMode", "accept")),
            new XElement("packageSources", Add("packed", feed))).Save(Path.Combine(folder, "nuget.config"));

        // What stands in for packages is in none: it is taken from beside these tests, where it was built.
        var host = StandIns().Select(file => new XElement("Reference", new XAttribute("Include", file)));
        new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup",
                new XElement("OutputType", "Exe"),
                new XElement("TargetFramework", "net10.0"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("Nullable", "enable"),
                new XElement("UseAppHost", false),
                new XElement("NuGetAudit", false),
                new XElement("RestorePackagesPath", restored),
                new XElement("RestoreFallbackFolders", BuildSettings.PackageFolder)),
            new XElement("ItemGroup", host, new XElement("PackageReference",
                new XAttribute("Include", "Microsoft.ML.Memory.Transforms"),
                new XAttribute("Version", PackedPackages.Version))))
            .Save(Path.Combine(folder, "Consumer.csproj"));
    }

    private static IEnumerable<string> StandIns()
    {
        string[] host = ["Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView", "Microsoft.ML.Transforms"];
        string[] names =
            [.. BuildSettings.IsReal("HostFlavour") ? [] : host,
            .. BuildSettings.IsReal("OnnxFlavour") ? (string[])[] : ["Microsoft.ML.OnnxRuntime"]];
        return names.Select(name => Path.Combine(AppContext.BaseDirectory, name + ".dll"));
    }
}
