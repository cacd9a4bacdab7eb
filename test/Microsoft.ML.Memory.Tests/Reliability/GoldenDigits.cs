// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>Reference accuracies with pruning on the digits.</summary>
internal sealed record GoldenDigits(Dictionary<string, GoldenPruned> Settings)
{
    /// <summary>Reads the settings out of an object that holds other things too.</summary>
    public static GoldenDigits From(System.Text.Json.JsonElement settings) => new(
        settings.EnumerateObject()
            .Where(each => each.Value.ValueKind == System.Text.Json.JsonValueKind.Object)
            .ToDictionary(each => each.Name, each => GoldenPruned.From(each.Value)));

    /// <summary>The pruning that a setting's name in the reference stands for.</summary>
    public static PruningOptions PruningOf(string name) => name switch
    {
        "none" => new PruningOptions(),
        "soft(K=10)" => new PruningOptions { Kind = PruningKind.Soft },
        "hard(K=10,wrong>=4)" => Hard(10, 4),
        "hard(K=10,wrong>=8)" => Hard(10, 8),
        "hard(K=100,wrong>=32)" => Hard(100, 32),
        "hard(K=100,wrong>=128)" => Hard(100, 128),
        "difference(K=10,wrong-correct>=1)" => new PruningOptions { Kind = PruningKind.WrongMinusCorrect },
        _ => throw new InvalidDataException($"The setting must be a known one. Got '{name}'."),
    };

    private static PruningOptions Hard(int neighborCount, int threshold)
        => new() { Kind = PruningKind.Hard, NeighborCount = neighborCount, Threshold = threshold };
}
