// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Voting;

/// <summary>What a file of reference votes holds.</summary>
internal sealed record GoldenVoting(GoldenVotingCase[] Cases);

/// <summary>One list of neighbours and what each vote makes of it.</summary>
internal sealed record GoldenVotingCase(
    string Name,
    int Classes,
    int[] Labels,
    double[] Distances,
    GoldenVotingOptions Options,
    Dictionary<string, GoldenVote> Votes);

/// <summary>Exponent, temperature and rank offset.</summary>
internal sealed record GoldenVotingOptions(double P, double Tau, double Alpha);

/// <summary>The outcome of one vote.</summary>
internal sealed record GoldenVote(
    GoldenWinners FirstToReach,
    GoldenWinners NearestFirstOccurrence,
    GoldenWinners LowestLabel,
    double[] Probabilities,
    double Entropy,
    int[] FragilePrefixes,
    double[] Weights)
{
    public GoldenWinners Of(TieBreak tieBreak) => tieBreak switch
    {
        TieBreak.NearestFirstOccurrence => NearestFirstOccurrence,
        TieBreak.LowestLabel => LowestLabel,
        _ => FirstToReach,
    };
}

/// <summary>The winner of all neighbours, and of the nearest 1, 2, ... of them.</summary>
internal sealed record GoldenWinners(int Label, int[] Prefix);
