// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Voting;

namespace Microsoft.ML.Memory.Tests.Banks;

/// <summary>The oracles T1.7 and T1.8 of the specification.</summary>
[TestClass]
public sealed class OracleTests
{
    private const int Dimension = 7;
    private const int Count = 300;
    private const int ClassCount = 5;
    private const int K = 12;

    private static readonly float[] _keys = Values(Count * Dimension, 1);
    private static readonly float[] _queries = Values(40 * Dimension, 2);

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void T1_7_order_of_adding_changes_no_bit(Metric metric)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        string[] expected = Answers(Build(metric, order));
        for (int seed = 0; seed < 5; seed++)
        {
            new Random(seed).Shuffle(order);

            CollectionAssert.AreEqual(expected, Answers(Build(metric, order)));
        }
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void T1_8_removing_equals_never_adding_and_adding_again_restores(Metric metric)
    {
        int[] all = [.. Enumerable.Range(0, Count)];
        MemoryBank bank = Build(metric, all);
        string[] before = Answers(bank);
        foreach (int removed in new[] { 0, 1, 17, 63, 64, 150, Count - 1 })
        {
            bank.Remove(removed);

            CollectionAssert.AreEqual(Answers(Build(metric, [.. all.Where(row => row != removed)])), Answers(bank));
            Add(bank, removed);
            CollectionAssert.AreEqual(before, Answers(bank));
        }
    }

    private static MemoryBank Build(Metric metric, int[] order)
    {
        var bank = new MemoryBank(Dimension, metric);
        foreach (int row in order) Add(bank, row);
        return bank;
    }

    private static void Add(MemoryBank bank, int row) =>
        bank.AddRange(_keys.AsSpan(row * Dimension, Dimension), [row % ClassCount], default, [row]);

    /// <summary>Per query and vote, everything that a prediction consists of, as bits.</summary>
    private static string[] Answers(MemoryBank bank)
    {
        BankSnapshot snapshot = bank.Snapshot();
        var found = new NeighborTable();
        snapshot.Search(_queries, K, found);
        var answers = new List<string>();
        for (int query = 0; query < found.QueryCount; query++)
        {
            int[] labels = [.. found.PositionsOf(query).ToArray().Select(snapshot.LabelAt)];
            double[] distances = [.. found.DistancesOf(query).ToArray().Select(distance => (double)distance)];
            Assert.HasCount(K, distances.Distinct(), "the oracle asks for distinct distances");
            IVote[] votes = [new PluralityVote(), new DistanceVote(), new SoftmaxVote(), new RankVote()];
            foreach (IVote vote in votes)
            {
                Ballot ballot = Ballot.Cast(vote, ClassCount, labels, distances);
                IEnumerable<long> bits = ballot.Shares.Concat(ballot.Weights).Select(BitConverter.DoubleToInt64Bits);
                answers.Add($"{ballot.Winner}: {string.Join(' ', bits.Concat(found.IdsOf(query).ToArray()))}");
            }
        }

        return [.. answers];
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
