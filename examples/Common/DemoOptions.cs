// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>The command line.</summary>
internal sealed record DemoOptions
{
    public const string Usage =
        "usage: [--dataset mnist|fashion] [--data DIR] [--drawn] [--quick] [--out DIR]";

    public ImageCatalog Catalog { get; init; } = ImageCatalog.Mnist;

    /// <summary>Folder with the data; null means the places that <see cref="DataFolder"/> knows.</summary>
    public string? Data { get; init; }

    /// <summary>Whether the images are drawn by the example even where there are others.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>Whether a small cut is enough.</summary>
    public bool IsQuick { get; init; }

    public string Output { get; init; } = Path.Combine("artifacts", "demo");

    /// <summary>Hidden verb of the fresh process: the model to load and predict with; null runs the demo.</summary>
    public string? Predict { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, or its value is missing or wrong.</exception>
    public static DemoOptions Parse(string[] arguments)
    {
        var options = new DemoOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? name))
        {
            options = name switch
            {
                "--dataset" => options with { Catalog = CatalogOf(ValueOf(name)) },
                "--data" => options with { Data = ValueOf(name) },
                "--drawn" => options with { IsDrawn = true },
                "--quick" => options with { IsQuick = true },
                "--out" => options with { Output = ValueOf(name) },
                "--predict" => options with { Predict = ValueOf(name) },
                _ => throw new ArgumentException($"Unknown argument '{name}'; {Usage}"),
            };
        }

        return options;

        string ValueOf(string name)
            => rest.TryDequeue(out string? value) && !value.StartsWith("--", StringComparison.Ordinal)
                ? value
                : throw new ArgumentException($"{name} must be followed by a value; {Usage}");
    }

    private static ImageCatalog CatalogOf(string name) => name switch
    {
        "mnist" => ImageCatalog.Mnist,
        "fashion" => ImageCatalog.Fashion,
        _ => throw new ArgumentException($"--dataset must be mnist or fashion. Got '{name}'."),
    };
}
