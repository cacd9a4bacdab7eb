// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

/// <summary>What the file of reference traces holds.</summary>
internal sealed record GoldenTraces(
    int Classes, float[][] MemoryKeys, int[] MemoryLabels, float[][] TestRows, GoldenTrace[] Traces);

/// <summary>One pass over the rows under one setting.</summary>
internal sealed record GoldenTrace(
    string Name, GoldenTraceOptions Options, int Added, GoldenTraceRow[] Rows, GoldenTraceMemory FinalMemory)
{
    public AdaptationSettings Settings => new()
    {
        NeighborCount = Options.K,
        Temperature = Options.Tau,
        ConfidenceThreshold = Options.Beta,
        ConfidenceKind = Enum.Parse<ConfidenceKind>(Options.Kind),
        BallSimilarity = Options.Ball,
        BatchSize = Options.Batch,
        Capacity = Options.Capacity ?? int.MaxValue,
        Eviction = Options.Policy is { } policy ? Enum.Parse<EvictionKind>(policy) : EvictionKind.Fifo,
    };
}

internal sealed record GoldenTraceOptions(
    int K, double Tau, double Beta, string Kind, int Batch, int? Capacity, string? Policy, double? Ball);

internal sealed record GoldenTraceRow(
    long[] Neighbours, double[] Similarities, double[] P, int Label, double Confidence, long? AddedId,
    long? EvictedId, long? Draw, long? DrawRange);

internal sealed record GoldenTraceMemory(long[] Ids, int[] Labels, string Origins, double[] Confidences);
