// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains the biases of the trunk.</summary>
internal sealed class BitFitTuning(Backbone backbone, BitFitOptions options)
    : ReplacingTuning(backbone, Names(backbone, options))
{
    public override string Name => nameof(BitFitOptions);

    private static IEnumerable<string> Names(Backbone backbone, BitFitOptions options)
    {
        int? lastBlocks = CheckBlocks(backbone, options.TuneLastBlocks, nameof(BitFitOptions));
        return new TrunkTensors(backbone).Reaching(lastBlocks).Where(TrunkTensors.IsBias);
    }
}
