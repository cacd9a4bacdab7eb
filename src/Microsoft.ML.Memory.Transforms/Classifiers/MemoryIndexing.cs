// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Decides how a memory is searched, and says so in the log.</summary>
internal static class MemoryIndexing
{
    /// <summary>Gives the memory with the index that the options ask for; the entries are shared.</summary>
    /// <param name="memory">The entries; an index that they have already is kept while it serves.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="channel">Where the choice and its reason go.</param>
    public static BankSnapshot Apply(BankSnapshot memory, IndexOptions options, IChannel channel)
    {
        bool mayHaveGraph = options.Strategy == SearchStrategy.Graph
            || (options.Strategy == SearchStrategy.Auto && !SearchPlan.IsFew(memory.Count, memory.Dimension));
        if (mayHaveGraph && memory.Graph?.IsFresh(memory) == true) return memory;

        // A graph that is there already has taken its memory: it is not asked for again.
        long? budget = mayHaveGraph && memory.Graph is not null ? long.MaxValue : options.MemoryBudget;
        SearchPlan plan = SearchPlan.Choose(options.Strategy, memory.Count, memory.Dimension, budget);
        channel.Info(MessageSensitivity.None, plan.Reason);
        if (plan.Strategy == SearchStrategy.Exact) return memory.Graph is null ? memory : memory.With(null);
        return BankGraph.Attach(memory, options.GraphFor(memory.Dimension));
    }
}
