// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Decides how a memory is searched, and says so in the log.</summary>
internal static class MemoryIndexing
{
    /// <summary>Requires of settings that were read that a memory can be indexed by them.</summary>
    /// <exception cref="InvalidDataException">There are more subspaces than values.</exception>
    public static void Require(SectionReader reader, IndexOptions options, int dimension)
    {
        if (options.Strategy == SearchStrategy.Quantized && options.Quantization?.SubspaceCount > dimension)
        {
            throw reader.Error(
                $"must follow settings of at most {dimension} subspaces", $"{options.Quantization.SubspaceCount}");
        }
    }

    /// <summary>Gives the memory with the index that the options ask for; the entries are shared, or coded.</summary>
    /// <param name="memory">
    /// The entries; an index that they have already is kept while it serves, and codes are kept for good.
    /// </param>
    /// <param name="options">What is asked for.</param>
    /// <param name="channel">Where the choice and its reason go.</param>
    public static BankSnapshot Apply(BankSnapshot memory, IndexOptions options, IChannel channel)
    {
        if (memory.Quantizer is not null) return memory;
        bool mayHaveGraph = options.Strategy == SearchStrategy.Graph
            || (options.Strategy == SearchStrategy.Auto && !SearchPlan.IsFew(memory.Count, memory.Dimension));
        if (mayHaveGraph && memory.Graph?.IsFresh(memory) == true) return memory;

        // A graph that is there already has taken its memory: it is not asked for again.
        if (mayHaveGraph && memory.Graph is not null) options = options with { MemoryBudget = long.MaxValue };
        SearchPlan plan = SearchPlan.Choose(options, memory.Count, memory.Dimension);
        channel.Info(MessageSensitivity.None, plan.Reason);
        return plan.Strategy switch
        {
            SearchStrategy.Exact => memory.Graph is null ? memory : memory.With(null),
            SearchStrategy.Graph => BankGraph.Attach(memory, options.GraphFor(memory.Dimension)),
            _ => BankQuantizer.Attach(memory, options.QuantizationFor(memory.Dimension)),
        };
    }
}
