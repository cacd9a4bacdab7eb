// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Stores rows, among which the nearest to other rows are looked up: no labels, no training.</summary>
/// <remarks>
/// <para>Serves de-duplication (fit on rows, transform the same rows with
/// <see cref="NearestNeighborsOptions.LeavesOutSameId"/>), "more like this" and retrieval: what the neighbours are is
/// told by <see cref="NearestNeighborsOptions.StoredColumnNames"/>.</para>
/// <para>Cost of a fit: one pass over the data, in its order; memory n·d floats, and the stored columns. A graph, where
/// <see cref="NearestNeighborsOptions.Index"/> leads to one, takes longer to build than all else, and the log says
/// so.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed class NearestNeighborsEstimator : IEstimator<NearestNeighborsTransformer>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal NearestNeighborsEstimator(IHostEnvironment environment, NearestNeighborsOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _environment = environment;
        Options = options with { StoredColumnNames = [.. options.StoredColumnNames] };
    }

    /// <summary>The settings this estimator was made with.</summary>
    public NearestNeighborsOptions Options { get; }

    /// <summary>Stores every row.</summary>
    /// <param name="input">
    /// The rows among which neighbours are to be found, read in their order. Neighbours at equal distance are given in
    /// that order. Fewer rows than <see cref="NearestNeighborsOptions.NeighborCount"/> are warned of.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, or an id is repeated; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There is no row, a feature is not a finite number (the message names the row), or a row's vector has another
    /// length than its column says.
    /// </exception>
    public NearestNeighborsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        using IChannel channel = _environment.Register(nameof(NearestNeighborsEstimator)).Start("Fit");
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        var bank = new MemoryBank(((VectorDataViewType)features.Type).Size, Options.Metric);
        GroupTable? groups = Options.GroupColumnName is { } group
            ? new GroupTable(GroupType.Of(input.Schema, group))
            : null;
        var none = new StoredRows(NeighborsSchema.EmptyColumns(input.Schema, Options), [], groups);
        NearestNeighborsOptions options = Options with { EncoderFingerprint = EncoderMark.Of(features) };
        StoredRows rows = RowImport.Into(bank, none, input, options, channel);
        if (bank.Count == 0)
        {
            throw new InvalidOperationException(
                "NearestNeighborsEstimator.Fit must see at least one row. Got none. Check the data.");
        }

        if (bank.Count < Options.NeighborCount)
        {
            channel.Warning(
                MessageSensitivity.None,
                $"NearestNeighborsOptions.NeighborCount should be at most the number of stored rows, {bank.Count}. "
                + $"Got {Options.NeighborCount}. All of them are neighbours until more are added.");
        }

        return new NearestNeighborsTransformer(_environment, options, options.Indexed(bank.Snapshot(), channel), rows);
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return NeighborsSchema.Shape(inputSchema, Options);
    }
}
