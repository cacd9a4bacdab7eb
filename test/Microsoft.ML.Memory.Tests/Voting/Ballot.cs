// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Voting;

/// <summary>Everything that one count of votes gives.</summary>
internal sealed record Ballot(int? Winner, int[] Prefixes, double[] Raw, double[] Weights, double[] Shares)
{
    public static Ballot Cast(
        IVote vote, int classCount, int[] labels, double[] distances, TieBreak tieBreak = TieBreak.FirstToReach)
    {
        var raw = new double[labels.Length];
        vote.Weigh(distances, raw);
        var counter = new VoteCounter(classCount, tieBreak);
        var prefixes = new int[labels.Length];
        counter.CountPrefixes(labels, raw, prefixes);
        double[] weights = [.. raw];
        var shares = new double[classCount];
        int? winner = counter.Count(labels, weights, shares);
        return new Ballot(winner, prefixes, raw, weights, shares);
    }
}
