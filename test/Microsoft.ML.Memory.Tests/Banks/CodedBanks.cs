// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Banks;

/// <summary>Banks of codes that tests share, and what they are compared with.</summary>
internal static class CodedBanks
{
    public static QuantizedSettings Settings(bool keepVectors = false) => new()
    {
        SubspaceCount = 4,
        TrainingCount = 1,
        Iterations = 3,
        KeepVectors = keepVectors,
        CandidateFactor = 2,
    };

    /// <summary>Makes a bank of rows, with codebooks that they train.</summary>
    public static MemoryBank Trained(ClusteredRows rows, QuantizedSettings settings) =>
        new(BankQuantizer.Attach(Plain(rows).Snapshot(), settings));

    /// <summary>Makes a bank of rows as they are.</summary>
    public static MemoryBank Plain(ClusteredRows rows)
    {
        var bank = new MemoryBank(rows.Dimension, rows.Metric);
        bank.AddRange(rows.Vectors, new int[rows.Ids.Length], default, rows.Ids);
        return bank;
    }

    /// <summary>Gives a snapshot's entries with the keys that it gives out, as vectors.</summary>
    public static BankSnapshot Decoded(BankSnapshot memory)
    {
        var bank = new MemoryBank(memory.Dimension, memory.Metric);
        float[] key = new float[memory.Dimension];
        foreach (Entry entry in memory.Entries)
        {
            memory.CopyKey(entry.Position, key);
            bank.AddRange(key, [entry.Label], [entry.Weight], [entry.Id], entry.Origin);
        }

        return bank.Snapshot();
    }

    public static NeighborTable Find(BankSnapshot memory, float[] queries, int k, SearchOptions? options = null)
    {
        var found = new NeighborTable();
        memory.Search(queries, k, found, options);
        return found;
    }
}
