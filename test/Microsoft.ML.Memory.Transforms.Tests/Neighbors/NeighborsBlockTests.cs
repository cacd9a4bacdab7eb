// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>How many rows are looked up together.</summary>
[TestClass]
public sealed class NeighborsBlockTests
{
    private const int Stored = 100_000;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Blocks_of_rows_with_many_neighbours_each_stay_small() => // 2^22 neighbours in a block
        CollectionAssert.AreEqual((int[])[41, 9], BlocksOf(50, count: null, distance: 1e6f));

    [TestMethod]
    public void Blocks_grow_where_little_is_found() =>
        CollectionAssert.AreEqual((int[])[41, 164, 656, 1024, 115], BlocksOf(2000, count: null, distance: 0));

    [TestMethod]
    public void Blocks_of_rows_with_few_neighbours_at_most_do_not_depend_on_what_is_found() =>
        CollectionAssert.AreEqual((int[])[64, 256, 680], BlocksOf(1000, count: 1, distance: 1e6f));

    private int[] BlocksOf(int rows, int? count, float distance)
    {
        Place[] stored =
            [.. Enumerable.Range(0, Stored).Select(i => new Place { Id = i, Features = [i % 300, i / 300] })];
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, stored, Places.Options with
        {
            NeighborCount = count,
            LargestDistance = distance,
            StoredColumnNames = [],
        });
        IDataView view = Places.View(_mlContext, stored.Take(rows));
        var mapping = new CountedBlocks(new NeighborsMapping(lookup, view.Schema));
        var found = new BlockDataView(view, mapping);
        using DataViewRowCursor cursor = found.GetRowCursor([found.Schema["NeighborIds"]]);
        while (cursor.MoveNext()) Assert.IsLessThanOrEqualTo(rows, cursor.Position);
        return [.. mapping.Counts];
    }

    private sealed class CountedBlocks(IBlockMapping mapping) : IBlockMapping
    {
        public List<int> Counts { get; } = [];

        public DataViewSchema InputSchema => mapping.InputSchema;

        public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs => mapping.Outputs;

        public IReadOnlyList<DataViewSchema.Column> Dependencies => mapping.Dependencies;

        public int MaxBlockRows => mapping.MaxBlockRows;

        public int RowMultiple => mapping.RowMultiple;

        public bool IsOrdered => mapping.IsOrdered;

        public BlockScorer CreateScorer(DataViewRow input, int threadCount) =>
            new CountedScorer(mapping.CreateScorer(input, threadCount), Counts);
    }

    private sealed class CountedScorer(BlockScorer scorer, List<int> counts) : BlockScorer
    {
        public override int MaxBlockRows => scorer.MaxBlockRows;

        public override void Reserve(int rows) => scorer.Reserve(rows);

        public override void Read(int slot) => scorer.Read(slot);

        public override void Score(int count)
        {
            counts.Add(count);
            scorer.Score(count);
        }

        public override Delegate CreateGetter(int output, Func<int> slot) => scorer.CreateGetter(output, slot);
    }
}
