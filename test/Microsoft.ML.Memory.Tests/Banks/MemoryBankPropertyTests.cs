// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class MemoryBankPropertyTests
{
    [TestMethod]
    public void Edits_of_banks_and_forks_equal_those_of_a_list()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(250).WithReplay(20_261_121, 5);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsList));
    }

    [TestMethod]
    public void Edits_of_coded_banks_and_forks_equal_those_of_a_list_of_what_codes_stand_for()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, seed =>
        {
            new BankWalk(seed, isQuantized: true).Run(40);
            return true;
        }));
    }

    [TestMethod]
    public void Fork_of_fork_adding_one_row_each_keeps_segments_few()
    {
        const int Forks = 1500;
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        var model = new ListModel(Metric.SquaredEuclidean, 2);
        int most = 0;
        for (int row = 0; row < Forks; row++)
        {
            bank = new MemoryBank(bank.Snapshot());
            float[] key = [row % 37, row % 11];
            Assert.AreEqual(model.Add(key, row % 3, 1, EntryOrigin.Source), bank.Add(key, row % 3));
            most = Math.Max(most, bank.Snapshot().Views.Length);
        }

        model.AssertEqual(bank.Snapshot(), [3, 4, 30, 1], 40, "after all forks");
        Assert.IsLessThanOrEqualTo(12, most, "segments grow with the logarithm of the rows");
    }

    [TestMethod]
    public void Remove_from_a_fork_leaves_the_parent_as_it_was()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        for (int row = 0; row < 100; row++) bank.Add([row], 0);
        var fork = new MemoryBank(bank.Snapshot());

        fork.RemoveWhere(entry => entry.Id % 2 == 0);
        fork.Add([7], 1);
        bank.Add([1000], 2);

        Assert.AreEqual(51, fork.Count);
        Assert.AreEqual(101, bank.Count);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 101).Select(id => (long)id).ToArray(),
            bank.Snapshot().Entries.Select(entry => entry.Id).ToArray());
        Assert.AreEqual(1, fork.Snapshot().Entries.Last().Label);
        Assert.AreEqual(2, bank.Snapshot().Entries.Last().Label);
    }

    private static bool EqualsList(int seed)
    {
        new BankWalk(seed).Run(40);
        return true;
    }
}
