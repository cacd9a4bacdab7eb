// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace Microsoft.ML.Memory.Tests.Continual;

/// <summary>What the file of reference metrics holds.</summary>
internal sealed record GoldenContinual(GoldenContinualCase[] Cases);

/// <summary>One accuracy matrix and its measures.</summary>
internal sealed record GoldenContinualCase(
    double[][] R,
    double[] Baseline,
    [property: JsonPropertyName("ACC")] double Acc,
    [property: JsonPropertyName("BWT")] double? Bwt,
    [property: JsonPropertyName("FWT")] double? Fwt,
    double? Forgetting,
    double? ForgettingMaxFromTask0,
    double[]? ForgettingPerTask,
    double? LearningAccuracy,
    double? AverageIncremental,
    GoldenDividedByT? DividedByT);

/// <summary>Backward and forward transfer, divided by the number of tasks.</summary>
internal sealed record GoldenDividedByT(
    [property: JsonPropertyName("BWT")] double Bwt, [property: JsonPropertyName("FWT")] double Fwt);
