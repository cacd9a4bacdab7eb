// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>A regression bound to one input schema: what its lookup finds there, and the means of that.</summary>
internal sealed class RegressionMapping : IBlockMapping
{
    private readonly NearestNeighborsRegressionTransformer _transformer;
    private readonly NeighborsMapping _lookup;

    public RegressionMapping(NearestNeighborsRegressionTransformer transformer, DataViewSchema inputSchema)
    {
        _transformer = transformer;
        _lookup = new NeighborsMapping(transformer.Lookup, inputSchema);
        Outputs = RegressionColumns.Create(inputSchema, transformer.Options.NeighborColumns);
    }

    public DataViewSchema InputSchema => _lookup.InputSchema;

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies => _lookup.Dependencies;

    public int MaxBlockRows => _lookup.MaxBlockRows;

    public int RowMultiple => _lookup.RowMultiple;

    public bool IsOrdered => _lookup.IsOrdered;

    public BlockScorer CreateScorer(DataViewRow input, int threadCount) =>
        new RegressionScorer(_transformer, _lookup.CreateFinder(input, threadCount));
}
