// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>Reference accuracies with one kind of pruning.</summary>
internal sealed record GoldenPruned(int Excluded, GoldenCorrect Plurality, GoldenCorrect Rank)
{
    public static GoldenPruned From(JsonElement setting)
        => setting.Deserialize<GoldenPruned>(JsonSerializerOptions.Web)!;
}
