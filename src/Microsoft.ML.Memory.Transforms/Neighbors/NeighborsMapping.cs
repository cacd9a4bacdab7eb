// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>A lookup of neighbours bound to one input schema.</summary>
internal sealed class NeighborsMapping : IBlockMapping
{
    /// <summary>Enough rows to keep a search at full speed; more would only add latency.</summary>
    private const int BlockRows = 1024;

    private const int BlockBytes = 64 << 20;

    /// <summary>Id, position and distance of one neighbour.</summary>
    private const int BytesOfNeighbor = sizeof(long) + sizeof(int) + sizeof(float);

    /// <summary>Neighbours of all rows of a block together, about, where it turns out how many a row has.</summary>
    public const int BlockNeighbors = BlockBytes / BytesOfNeighbor;

    private readonly NearestNeighborsTransformer _transformer;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column? _ownIds;
    private readonly DataViewSchema.Column? _group;

    public NeighborsMapping(NearestNeighborsTransformer transformer, DataViewSchema inputSchema)
    {
        NearestNeighborsOptions options = transformer.Options;
        _transformer = transformer;
        _features = Columns.Features(
            inputSchema, options.FeatureColumnName, transformer.Dimension, transformer.EncoderFingerprint);
        _ownIds = options is { LeavesOutSameId: true, IdColumnName: { } ids }
            ? IdReader.Column(inputSchema, ids)
            : null;
        _group = options.GroupColumnName is { } group ? transformer.Rows.Groups?.Type.Column(inputSchema, group) : null;
        InputSchema = inputSchema;
        Outputs = [.. NeighborsSchema.Outputs(options, transformer.Rows.Columns)];
        long bytesOfRow = ((long)transformer.Dimension * sizeof(float))
            + ((long)Math.Min(transformer.SearchedCount ?? 0, transformer.Count) * BytesOfNeighbor);
        MaxBlockRows = (int)Math.Clamp(BlockBytes / bytesOfRow, 1, BlockRows);
    }

    public DataViewSchema InputSchema { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies =>
        [.. new DataViewSchema.Column?[] { _features, _ownIds, _group }.OfType<DataViewSchema.Column>()];

    public int MaxBlockRows { get; }

    public int RowMultiple => 1;

    public bool IsOrdered => false;

    public BlockScorer CreateScorer(DataViewRow input, int threadCount) => CreateFinder(input, threadCount);

    /// <summary>Starts the search over one stream of rows.</summary>
    public NeighborsScorer CreateFinder(DataViewRow input, int threadCount) => new(
        _transformer,
        input,
        new FeatureReader(input, _features),
        _ownIds is { } ids ? IdReader.Create(input, ids) : null,
        _group is { } group ? _transformer.Rows.Groups?.Finder(input, group) : null,
        threadCount);
}
