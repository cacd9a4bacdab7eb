// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
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
    /// <param name="neighborCount">Neighbours that the memory asks for, at least 1.</param>
    /// <param name="channel">Where the choice and its reason go.</param>
    public static BankSnapshot Apply(
        BankSnapshot memory, IndexOptions options, int neighborCount, IChannel channel)
    {
        if (memory.Quantizer is not null) return memory;
        bool isAuto = options.Strategy == SearchStrategy.Auto;
        bool mayHaveGraph = options.Strategy == SearchStrategy.Graph
            || (isAuto && !SearchPlan.IsFew(options, memory.Count, memory.Dimension));
        if (mayHaveGraph && memory.Graph?.IsFresh(memory) == true) return memory;
        if (mayHaveGraph && isAuto && memory.RefusesGraph) return memory;

        // A graph that is there already has taken its memory: it is not asked for again.
        if (mayHaveGraph && memory.Graph is not null) options = options with { MemoryBudget = long.MaxValue };
        SearchPlan plan = SearchPlan.Choose(options, memory.Count, memory.Dimension);
        channel.Info(MessageSensitivity.None, plan.Reason);
        return plan.Strategy switch
        {
            SearchStrategy.Exact => Exact(memory),
            SearchStrategy.Graph when options.GraphTarget is { } target && memory.Count > 1
                => Measured(memory, options, neighborCount, target, channel),
            SearchStrategy.Graph => BankGraph.Attach(memory, options.GraphFor(memory.Dimension)),
            _ => BankQuantizer.Attach(memory, options.QuantizationFor(memory.Dimension)),
        };
    }

    private static BankSnapshot Exact(BankSnapshot memory) => memory.Graph is null ? memory : memory.With(null);

    /// <summary>Gives the memory with a graph that finds enough; without one where Auto finds none that does.</summary>
    private static BankSnapshot Measured(
        BankSnapshot memory, IndexOptions options, int neighborCount, double target, IChannel channel)
    {
        GraphSettings settings = options.GraphFor(memory.Dimension);
        bool mayStayExact = options.Strategy == SearchStrategy.Auto;
        int candidates = Math.Max(settings.SearchCandidateCount, Math.Min(neighborCount, memory.Count));
        if (mayStayExact && candidates > RecallSample.WidestFor(memory.Count))
        {
            channel.Info(
                MessageSensitivity.None,
                $"Exact search: weighing {candidates} candidates along a graph takes as long as comparing with all "
                + $"{memory.Count} entries.");
            return Exact(memory);
        }

        (BankSnapshot indexed, GraphRecall recall) = BankGraph.Attach(memory, settings, neighborCount, target);
        string goal = string.Create(CultureInfo.InvariantCulture, $"{target}");
        if (recall.Share >= target)
        {
            channel.Info(MessageSensitivity.None, $"Graph search: {recall}; at least {goal} are asked for.");
            return indexed;
        }

        if (mayStayExact)
        {
            channel.Info(
                MessageSensitivity.None,
                $"Exact search: {recall}, and at least {goal} are asked for; comparing with all is as fast as more "
                + "candidates.");
            return memory.WithoutGraph();
        }

        channel.Warning(
            MessageSensitivity.None,
            $"IndexOptions.TargetRecall should be within reach of the graph. Got {goal}; {recall}. "
            + "Comparing with all is as fast as more candidates: ask for SearchStrategy.Exact.");
        return indexed;
    }
}
