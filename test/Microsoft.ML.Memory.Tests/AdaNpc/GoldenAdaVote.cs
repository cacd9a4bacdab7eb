// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

/// <summary>What the file of reference votes, schedules and losses holds.</summary>
internal sealed record GoldenAdaVote(
    [property: JsonPropertyName("T2.1")] GoldenHandVote Hand,
    [property: JsonPropertyName("T2.7")] GoldenSchedule Schedule,
    GoldenRange DoubleSoftmaxRange,
    GoldenTrainingLoss TrainingLoss,
    GoldenRing RingBuffer);

internal sealed record GoldenHandVote(double[] Sims, int[] Labels, double Tau, double[] P, double DoubleSoftmax);

internal sealed record GoldenSchedule(long[] T, double[] Tau);

internal sealed record GoldenRange(int[] C, double[] Low, double[] High);

internal sealed record GoldenTrainingLoss(
    float[][] QueueKeys, int[] QueueLabels, float[][] Features, int[] Labels, int K, double Tau, double Loss,
    double[][] Gradient);

internal sealed record GoldenRing(int Size, GoldenRingStep[] Steps);

internal sealed record GoldenRingStep(int Batch, int?[] Slots, int Next);
