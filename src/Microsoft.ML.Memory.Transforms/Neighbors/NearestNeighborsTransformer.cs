// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(NearestNeighborsTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Nearest neighbours",
    NearestNeighborsTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>Looks up the nearest stored rows of every row: ids, distances and whatever was stored of them.</summary>
/// <remarks>
/// <para>Adds <c>NeighborIds</c> (Int64), <c>NeighborDistances</c> (Single, ascending, in the unit of the metric) and
/// for each stored column <c>Neighbor</c> and its name. Each is a vector of variable size [m], nearest first, m at most
/// <see cref="NearestNeighborsOptions.NeighborCount"/>, if it is not null; there is no padding. Neighbours at equal
/// distance come in the order in which they were added. Distances are exact: computed in double from the vectors as
/// given, then rounded.</para>
/// <para>A row with a NaN or infinite feature has empty vectors, and so has, where there are groups, a row without one
/// or of one that no stored row has; warnings count such rows at the end of a pass. Every row has empty vectors where
/// nothing is stored.</para>
/// <para>Cost: a search for each row, in blocks of up to 1,024 rows and on all processors, and of groups among the rows
/// of the group only. Immutable: <see cref="Add"/>
/// and <see cref="Remove"/> give a new transformer that shares the rows. Safe for concurrent use.</para>
/// </remarks>
public sealed partial class NearestNeighborsTransformer : ITransformer
{
    private readonly IHostEnvironment _environment;

    internal NearestNeighborsTransformer(
        IHostEnvironment environment, NearestNeighborsOptions options, BankSnapshot bank, StoredRows rows)
    {
        _environment = environment;
        Options = options;
        Bank = bank;
        Rows = rows;
    }

    /// <summary>The settings of the estimator that made this transformer.</summary>
    public NearestNeighborsOptions Options { get; }

    /// <summary>
    /// Mark of the encoder that the stored features come from, as <see cref="EmbedOnnxTransformer"/> gives it; null
    /// where they had none. Features with another mark are refused.
    /// </summary>
    public string? EncoderFingerprint => Options.EncoderFingerprint;

    /// <summary>Number of stored rows.</summary>
    public int Count => Bank.Count;

    /// <summary>Length d of a row of features.</summary>
    public int Dimension => Bank.Dimension;

    /// <summary>Ids of the stored rows, in the order in which they were added.</summary>
    public IEnumerable<long> Ids => Bank.Entries.Select(entry => entry.Id);

    /// <summary>How neighbours are searched: Exact, Graph or Quantized, as it was chosen for the rows stored now.
    /// </summary>
    public SearchStrategy Strategy => Bank.Strategy;

    /// <summary>Always true: rows can be looked up one by one as well as in blocks.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Features and ids of the stored rows.</summary>
    internal BankSnapshot Bank { get; }

    /// <summary>The stored columns.</summary>
    internal StoredRows Rows { get; }

    /// <summary>
    /// Neighbours to be searched for a row: one more where it may itself be among them; null means all within a
    /// distance.
    /// </summary>
    internal int? SearchedCount => Options.NeighborCount is { } count && Options.LeavesOutSameId
        ? Math.Min(count, int.MaxValue - 1) + 1
        : Options.NeighborCount;

    /// <summary>Says whether a row is stored under an id.</summary>
    /// <remarks>
    /// Cost O(log n). Where ids were given and do not ascend, the first call costs O(n), once for all lookups that
    /// share the rows.
    /// </remarks>
    public bool Contains(long id) => Bank.TryFind(id, out _);

    /// <summary>Adds the neighbour columns to a view, lazily and block by block.</summary>
    /// <exception cref="ArgumentException">
    /// The feature column, or the column of ids or of groups where it is needed, is missing or of the wrong type or
    /// size.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(input, new NeighborsMapping(this, input.Schema));
    }

    /// <summary>Gives the schema of <see cref="Transform"/> for an input of the given schema.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockSchema(new NeighborsMapping(this, inputSchema)).Schema;
    }

    /// <summary>Makes a mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Transform"/>.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(new NeighborsMapping(this, inputSchema));
    }

    /// <summary>Reports rows without neighbours.</summary>
    internal void WarnOfInvalidRows(InvalidRows rows) => rows.Warn(
        _environment, nameof(NearestNeighborsTransformer), Options.FeatureColumnName, "they have no neighbours");

    /// <summary>Reports rows without a group, or of another group than any stored row.</summary>
    internal void WarnOfUngroupedRows(InvalidRows rows)
    {
        using IChannel channel = _environment.Register(nameof(NearestNeighborsTransformer)).Start("Transform");
        channel.Warning(
            MessageSensitivity.Schema,
            $"Column '{Options.GroupColumnName}' should tell a group that stored rows have. Got another or none in "
            + $"{rows.Count} of {rows.Total} rows, first in row {rows.First}; they have no neighbours.");
    }
}
