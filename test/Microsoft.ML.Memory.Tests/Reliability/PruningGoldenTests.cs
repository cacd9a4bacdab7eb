// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>The oracles T1.9 to T1.12 of the specification, and small votes of an independent reference.</summary>
[TestClass]
public sealed class PruningGoldenTests
{
    private static readonly GoldenPruning _golden = GoldenFiles.Json<GoldenPruning>("voting/pruning-small.json");

    [TestMethod]
    public void T1_10_and_T1_11_votes_with_pruning_equal_the_reference()
    {
        Assert.HasCount(6, _golden.Cases);
        foreach (GoldenPruningCase given in _golden.Cases)
        {
            Assert.HasCount(4, given.Votes);
            foreach ((string name, GoldenPrunedVote expected) in given.Votes) AssertEqual(given, name, expected);
        }
    }

    [TestMethod]
    public void T1_10_the_neighbour_after_an_excluded_one_takes_its_rank()
    {
        var votes = new PrunedVote(new RankVote(), new VoteCounter(3));
        double[] shares = new double[3], weights = new double[3];
        votes.Open(3);
        votes.Add(0, 0.1, 1, isExcluded: true);
        votes.Add(1, 0.2, 1, isExcluded: false);
        votes.Add(2, 0.3, 1, isExcluded: false);

        Assert.AreEqual(1, votes.Count(shares, weights));

        double sum = (1 / 2.0) + (1 / 3.0);
        Approx.AssertEqual([0, 1 / 2.0 / sum, 1 / 3.0 / sum], weights, Approx.Reference, "weights");
    }

    [TestMethod]
    public void T1_11_soft_multipliers_equal_the_reference()
    {
        var options = new PruningOptions { Kind = PruningKind.Soft };

        double[] found = Array.ConvertAll(
            _golden.SoftMultipliers.Wrong, wrong => EntryPruning.MultiplierOf(wrong, options));

        Approx.AssertEqual(_golden.SoftMultipliers.Rho, found, Approx.Reference, "multipliers");
    }

    [TestMethod]
    public void T1_12_counts_of_four_points_on_a_line()
    {
        GoldenLine line = _golden.LooLine;
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange(line.Points, line.Labels);

        EntryReliability counts = EntryReliability.Of(bank.Snapshot(), line.K);

        CollectionAssert.AreEqual(line.Wrong, Enumerable.Range(0, 4).Select(counts.WrongOf).ToArray());
        CollectionAssert.AreEqual(line.Correct, Enumerable.Range(0, 4).Select(counts.CorrectOf).ToArray());
        CollectionAssert.AreEqual(
            new long[] { 1, 2 }, counts.MostWrong(5).Select(entry => entry.Id).ToArray());
    }

    [TestMethod]
    public void T1_9_voting_at_a_level_is_not_mapping_the_leaf_up()
    {
        GoldenHierarchy given = _golden.Hierarchy;
        foreach ((string name, GoldenLevels expected) in given.Votes)
        {
            (int leaf, double[] leafShares) = Vote(name, 4, given.Labels, given.Distances);
            int[] mapped = Array.ConvertAll(given.Labels, label => given.LevelMap[label]);
            (int level, double[] levelShares) = Vote(name, 2, mapped, given.Distances);

            Assert.AreEqual(expected.Leaf, leaf, name);
            Assert.AreEqual(expected.Level, level, name);
            Assert.AreEqual(expected.LeafMappedUp, given.LevelMap[leaf], name);
            Approx.AssertEqual(expected.LeafProbabilities, leafShares, Approx.Reference, name);
            Approx.AssertEqual(expected.LevelProbabilities, levelShares, Approx.Reference, name);
        }

        Assert.AreNotEqual(given.Votes["plurality"].Level, given.Votes["plurality"].LeafMappedUp);
    }

    private static void AssertEqual(GoldenPruningCase given, string name, GoldenPrunedVote expected)
    {
        string what = $"{given.Name}, {name}";
        var votes = new PrunedVote(VoteOf(name), new VoteCounter(given.Classes));
        var shares = new double[given.Classes];
        var weights = new double[given.Labels.Length];
        int[] prefixes = new int[given.Labels.Length];

        Fill(votes, given);
        int? winner = votes.Count(shares, weights);
        Fill(votes, given);
        votes.CountPrefixes(prefixes);

        Assert.AreEqual(expected.Label, winner, what);
        Approx.AssertEqual(expected.Probabilities, shares, Approx.Reference, what);
        Assert.AreEqual(1, weights.Sum(), Approx.Reference, what);
        CollectionAssert.AreEqual(expected.Prefix, prefixes, what);
    }

    private static void Fill(PrunedVote votes, GoldenPruningCase given)
    {
        votes.Open(given.Labels.Length);
        for (int rank = 0; rank < given.Labels.Length; rank++)
        {
            votes.Add(
                given.Labels[rank], given.Distances[rank], given.Rho?[rank] ?? 1, given.Excluded?[rank] ?? false);
        }
    }

    private static (int Winner, double[] Shares) Vote(string name, int classes, int[] labels, double[] distances)
    {
        var votes = new PrunedVote(VoteOf(name), new VoteCounter(classes));
        votes.Open(labels.Length);
        for (int rank = 0; rank < labels.Length; rank++) votes.Add(labels[rank], distances[rank], 1, false);
        double[] shares = new double[classes];
        return (votes.Count(shares, new double[labels.Length])!.Value, shares);
    }

    private static IVote VoteOf(string name) => name switch
    {
        "plurality" => new PluralityVote(),
        "distance" => new DistanceVote(),
        "softmax" => new SoftmaxVote(),
        "rank" => new RankVote(),
        _ => throw new InvalidDataException($"The vote must be one of four. Got '{name}'."),
    };
}
