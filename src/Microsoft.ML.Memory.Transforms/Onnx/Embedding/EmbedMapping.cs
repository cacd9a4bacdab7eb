// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>An encoder bound to one input schema.</summary>
internal sealed class EmbedMapping : IBlockMapping
{
    private readonly EmbedOnnxTransformer _transformer;
    private readonly DataViewSchema.Column?[] _columns;

    public EmbedMapping(EmbedOnnxTransformer transformer, DataViewSchema inputSchema)
    {
        EmbedOnnxOptions options = transformer.Options;
        _transformer = transformer;
        _columns =
            [.. transformer.Network.Inputs.Select(input => FeedFactory.Find(options, input, inputSchema))];
        InputSchema = inputSchema;
        Outputs =
        [
            new DataViewSchema.DetachedColumn(
                options.OutputColumnName,
                new VectorDataViewType(NumberDataViewType.Single, transformer.FeatureCount),
                EncoderMark.AnnotationsOf(transformer.EncoderFingerprint)),
        ];
        MaxBlockRows = transformer.Network.Batch.BlockOf(options.BatchSize);
        RequireRoom();
    }

    public DataViewSchema InputSchema { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies
        => [.. _columns.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index)];

    public int MaxBlockRows { get; }

    public int RowMultiple => 1;

    public bool IsOrdered => false;

    private void RequireRoom()
    {
        EncoderNetwork network = _transformer.Network;
        long most = network.Inputs.Where(input => !input.IsOfAnyLength)
            .Select(input => (long)input.LengthOf(0)).Append(_transformer.FeatureCount).Max();
        if (most * MaxBlockRows <= Array.MaxLength) return;
        throw new ArgumentException(
            $"EmbedOnnxOptions.BatchSize must be at most {Math.Max(1, Array.MaxLength / most)} for rows of {most} "
            + $"numbers. Got {MaxBlockRows} rows at a time.");
    }

    public BlockScorer CreateScorer(DataViewRow input, int threadCount)
    {
        EncoderNetwork network = _transformer.Network;
        int threads = Math.Min(threadCount, _transformer.Options.ThreadCount ?? Environment.ProcessorCount);
        NetworkFeed[] feeds =
        [
            .. network.Inputs.Select((each, i) => FeedFactory.Create(
                _transformer.Options, each, network.Batch, input, _columns[i], threads)),
        ];
        return new EmbedScorer(_transformer, feeds);
    }
}
