// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

[TestClass]
public sealed class LoraGoldenTests
{
    [TestMethod]
    public void Lora_on_queries_and_values_equals_the_reference()
    {
        TorchTests.Require();
        var options = new LoraOptions { Rank = 2, Alpha = 4 };
        using var golden = new MethodGolden("lora_qv", b => options.Create(b, new SeededRandom(1)), GoldenName);

        golden.Check();
    }

    // encoder.layer.0.attention.attention.query.lora_A.weight is layer.0.query.lora_A there.
    private static string GoldenName(string name) => name
        .Replace("encoder.", "", StringComparison.Ordinal)
        .Replace("attention.attention.", "", StringComparison.Ordinal)
        .Replace("lora_A.weight", "lora_A", StringComparison.Ordinal)
        .Replace("lora_B.weight", "lora_B", StringComparison.Ordinal);
}
