// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains all of the trunk.</summary>
internal sealed class FullFineTuning(Backbone backbone, FullFineTuneOptions options)
    : ReplacingTuning(backbone, Names(backbone, options))
{
    public override string Name => nameof(FullFineTuneOptions);

    private static IEnumerable<string> Names(Backbone backbone, FullFineTuneOptions options) =>
        new TrunkTensors(backbone).Reaching(CheckBlocks(backbone, options.TuneLastBlocks, nameof(FullFineTuneOptions)));
}
