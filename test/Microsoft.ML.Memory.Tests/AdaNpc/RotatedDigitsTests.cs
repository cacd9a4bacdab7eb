// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class RotatedDigitsTests
{
    private const int SourceCount = 2000;
    private const int RowsOfAngle = 200;

    [TestMethod]
    public void Adapt_to_turning_digits_equals_reference_predictions()
    {
        byte[] turned = File.ReadAllBytes(SharedFolder.PathOf("golden/memory/adanpc/rotated-digits.bin"));
        string table = SharedFolder.PathOf("golden/memory/adanpc/rotated-digits.json");
        GoldenStream golden = JsonSerializer.Deserialize<GoldenStream>(
            File.ReadAllBytes(table), JsonSerializerOptions.Web)!;
        BankSnapshot source = MnistDigits.Train(SourceCount).Memory();
        float[] rows = Array.ConvertAll(turned, pixel => (float)pixel);
        var predictions = new AdaptivePredictions();
        foreach (GoldenStreamSetting setting in golden.Settings)
        {
            var memory = new AdaptiveMemory(source, 10, setting.Options.Settings);

            memory.Adapt(rows, predictions);

            string found = string.Concat(Enumerable.Range(0, predictions.RowCount).Select(predictions.LabelOf));
            Assert.AreEqual(setting.Predictions, found, setting.Name);
            Assert.AreEqual(setting.FinalSize, memory.Count, setting.Name);
            int[] correct =
            [
                .. golden.Angles.Select((_, angle) => Enumerable.Range(0, RowsOfAngle).Count(
                    row => found[(angle * RowsOfAngle) + row] == golden.Labels[row])),
            ];
            CollectionAssert.AreEqual(setting.CorrectPerAngle, correct, setting.Name);
        }
    }

    private sealed record GoldenStream(int[] Angles, string Labels, GoldenStreamSetting[] Settings);

    private sealed record GoldenStreamSetting(
        string Name, GoldenStreamOptions Options, int[] CorrectPerAngle, int FinalSize, string Predictions);

    private sealed record GoldenStreamOptions(
        int K, double Tau, int Batch, double Beta, int? Capacity, string? Policy)
    {
        public AdaptationSettings Settings => new()
        {
            NeighborCount = K,
            Temperature = Tau,
            BatchSize = Batch,
            ConfidenceThreshold = Beta,
            Capacity = Capacity ?? int.MaxValue,
            Eviction = Policy is null ? EvictionKind.Fifo : Enum.Parse<EvictionKind>(Policy),
        };
    }
}
