// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The times of <c>petl</c> alone, on a backbone of the same sizes and images of random numbers.</summary>
/// <remarks>What a step costs does not depend on what the numbers are, so neither data nor a pretrained backbone is
/// needed.</remarks>
internal static class StepRows
{
    private const int RowCount = 1000;
    private const int ClassCount = 10;

    public static void Run(BenchReport report)
    {
        using Backbone backbone = Backbone.Create(MicroVitPretraining.Config, 1);
        var random = new SeededRandom(1);
        TransferRow[] rows =
        [
            .. Enumerable.Range(0, RowCount).Select(i => new TransferRow
            {
                Label = (uint)(i % ClassCount),
                Features = [.. Enumerable.Range(0, DigitImages.Dimension).Select(_ => (float)random.NextGaussian())],
            }),
        ];
        EpochTimes.Run(report, backbone, new TransferSet("random", rows, rows[..ClassCount]));
    }
}
