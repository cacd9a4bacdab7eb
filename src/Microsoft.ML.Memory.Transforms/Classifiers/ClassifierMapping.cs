// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>A memory classifier bound to one input schema.</summary>
internal sealed class ClassifierMapping<TModel> : IBlockMapping
    where TModel : class
{
    /// <summary>Enough rows to keep a search at full speed; more would only add latency.</summary>
    private const int BlockRows = 1024;

    private const int BlockBytes = 64 << 20;

    private readonly MemoryClassifierTransformer<TModel> _transformer;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column? _candidates;
    private readonly bool _isPass;

    public ClassifierMapping(
        MemoryClassifierTransformer<TModel> transformer, DataViewSchema inputSchema, bool isPass)
    {
        _transformer = transformer;
        _isPass = isPass;
        _features = transformer.FindFeatures(inputSchema);
        _candidates = transformer.CandidateColumnName is { } candidates
            ? Columns.Vector(inputSchema, candidates, NumberDataViewType.Int64)
            : null;
        InputSchema = inputSchema;
        Outputs = transformer.CreateColumns(inputSchema);
        IsOrdered = isPass && transformer.IsOrdered;
        RowMultiple = isPass ? transformer.BatchSize : 1;
        MaxBlockRows = (int)Math.Clamp(BlockBytes / transformer.BytesOfRow, 1, BlockRows);
    }

    public DataViewSchema InputSchema { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies
        => _candidates is { } candidates ? [_features, candidates] : [_features];

    public int MaxBlockRows { get; }

    public int RowMultiple { get; }

    public bool IsOrdered { get; }

    public BlockScorer CreateScorer(DataViewRow input, int threadCount)
    {
        BlockClassifier classifier = _isPass
            ? _transformer.CreateClassifier(threadCount)
            : _transformer.CreateRowClassifier(threadCount);
        return new ClassifierScorer(
            classifier,
            _transformer.CreateReader(input, _features),
            _candidates is { } candidates ? new CandidateReader(input, candidates, classifier.Candidates!) : null,
            input,
            _transformer.Dimension,
            _transformer.ClassCount,
            _transformer.WarnOfInvalidRows);
    }
}
