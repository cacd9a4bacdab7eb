// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

/// <summary>What the file of reference edits holds.</summary>
internal sealed record GoldenEdits(
    GoldenStart Initial,
    GoldenEdit[] Operations,
    long NextSequence,
    int LiveCount,
    int QueriesUsed,
    int K,
    Dictionary<string, long[][]> ExpectedIds,
    Dictionary<string, double[][]> ExpectedDistances);

/// <summary>The first and the last but one of the rows that are there before the edits.</summary>
internal sealed record GoldenStart(int[] Rows);

/// <summary>One edit: row and sequence number are missing where it removes.</summary>
internal sealed record GoldenEdit(string Op, long Id, int? Row, long? Seq)
{
    public bool IsAdd => Op == "add";
}
