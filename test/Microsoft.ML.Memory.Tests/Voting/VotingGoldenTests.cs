// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Voting;

[TestClass]
public sealed class VotingGoldenTests
{
    /// <summary>Totals nearer than this may be ordered by rounding, the reference says.</summary>
    private const double Fragile = 1e-9;

    [TestMethod]
    [DataRow("hand.json", 18)]
    [DataRow("random.json", 60)]
    public void Count_every_vote_and_tie_rule_equals_the_reference(string file, int caseCount)
    {
        var golden = GoldenFiles.Json<GoldenVoting>($"voting/{file}");

        Assert.HasCount(caseCount, golden.Cases);
        foreach (GoldenVotingCase given in golden.Cases)
        {
            Assert.HasCount(4, given.Votes);
            foreach ((string name, GoldenVote expected) in given.Votes)
            {
                // The map 5d + 1 leaves the cosine's range, for which alone the two others are listed.
                if (given.Name == "T1.5 5d+1" && name is "distance" or "softmax") continue;
                foreach (TieBreak tieBreak in Enum.GetValues<TieBreak>())
                    AssertEqual(given, name, expected, tieBreak);
            }
        }
    }

    private static void AssertEqual(GoldenVotingCase given, string name, GoldenVote expected, TieBreak tieBreak)
    {
        string what = $"{given.Name}, {name}, {tieBreak}";
        IVote vote = VoteOf(name, given.Options);
        Ballot ballot = Ballot.Cast(vote, given.Classes, given.Labels, given.Distances, tieBreak);

        Approx.AssertEqual(expected.Weights, ballot.Weights, Approx.Reference, what);
        Approx.AssertEqual(expected.Probabilities, ballot.Shares, Approx.Reference, what);
        Assert.AreEqual(expected.Entropy, VoteCounter.Entropy(ballot.Shares), Approx.Reference, what);
        GoldenWinners winners = expected.Of(tieBreak);
        Assert.AreEqual(ballot.Prefixes[^1], ballot.Winner, what);
        Assert.AreEqual(winners.Prefix[^1], winners.Label, what);
        for (int place = 0; place < winners.Prefix.Length; place++)
        {
            if (name != "rank" && expected.FragilePrefixes.Contains(place))
                AssertNearBest(given, ballot, place, what);
            else
                Assert.AreEqual(winners.Prefix[place], ballot.Prefixes[place], $"{what}, place {place}");
        }
    }

    private static void AssertNearBest(GoldenVotingCase given, Ballot ballot, int place, string what)
    {
        var totals = new double[given.Classes];
        for (int rank = 0; rank <= place; rank++) totals[given.Labels[rank]] += ballot.Raw[rank];

        Assert.AreEqual(totals.Max(), totals[ballot.Prefixes[place]], Fragile, $"{what}, place {place}");
    }

    private static IVote VoteOf(string name, GoldenVotingOptions options) => name switch
    {
        "plurality" => new PluralityVote(),
        "distance" => new DistanceVote(options.P),
        "softmax" => new SoftmaxVote(options.Tau),
        "rank" => new RankVote(options.Alpha),
        _ => throw new InvalidDataException($"The vote must be one of four. Got '{name}'."),
    };
}
