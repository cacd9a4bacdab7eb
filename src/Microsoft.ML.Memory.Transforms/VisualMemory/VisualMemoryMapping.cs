// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>A visual memory bound to one input schema.</summary>
internal sealed class VisualMemoryMapping : IBlockMapping
{
    /// <summary>Enough queries to keep the search at full speed; more would only add latency.</summary>
    private const int BlockRows = 1024;

    private const int BlockBytes = 64 << 20;

    /// <summary>Id, position, distance and weight of one neighbour.</summary>
    private const int BytesOfNeighbor = sizeof(long) + sizeof(int) + (2 * sizeof(float));

    private readonly DataViewSchema.Column _features;

    public VisualMemoryMapping(
        IHostEnvironment environment,
        VisualMemoryOptions options,
        BankSnapshot memory,
        ClassTable classes,
        DataViewSchema inputSchema)
    {
        Environment = environment;
        Options = options;
        Memory = memory;
        InputSchema = inputSchema;
        ClassCount = classes.Count;
        Prior = PriorOf(memory, classes.Count);
        _features = Columns.Features(inputSchema, options.FeatureColumnName, memory.Dimension);
        Outputs = ClassifierColumns.Create(inputSchema, classes, options.NeighborColumns);
        MaxBlockRows = (int)Math.Clamp(BlockBytes / BytesOfRow(), 1, BlockRows);
    }

    public DataViewSchema InputSchema { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies => [_features];

    public int MaxBlockRows { get; }

    public IHostEnvironment Environment { get; }

    public VisualMemoryOptions Options { get; }

    public BankSnapshot Memory { get; }

    public int ClassCount { get; }

    /// <summary>Share of the entries in each class, which a row without neighbours gets as its scores.</summary>
    public double[] Prior { get; }

    public BlockScorer CreateScorer(DataViewRow input, int threadCount)
        => new VisualMemoryScorer(this, new FeatureReader(input, _features), input, threadCount);

    private long BytesOfRow()
        => ((long)Memory.Dimension * sizeof(float))
            + ((long)Math.Min(Options.NeighborCount, Memory.Count) * BytesOfNeighbor);

    private static double[] PriorOf(BankSnapshot memory, int classCount)
    {
        var prior = new double[classCount];
        if (memory.Count == 0)
        {
            Array.Fill(prior, 1.0 / classCount);
            return prior;
        }

        memory.CountClasses(prior);
        for (int index = 0; index < classCount; index++) prior[index] /= memory.Count;
        return prior;
    }
}
