// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="NearestNeighborsEstimator"/>; <c>new NearestNeighborsOptions()</c> is valid.
/// </summary>
public sealed record NearestNeighborsOptions
{
    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// Name of a column of 32 or 64-bit integers with unique ids; null (the default) numbers the stored rows from 0.
    /// </summary>
    public string? IdColumnName { get; init; }

    /// <summary>
    /// Neighbours of a row, at least 1; all that are stored where there are fewer. Null means every stored row within
    /// <see cref="LargestDistance"/>, however many: a range search, which compares with all. Default 10.
    /// </summary>
    public int? NeighborCount { get; init; } = 10;

    /// <summary>How far apart two feature vectors are. Default cosine.</summary>
    public Metric Metric { get; init; } = Metric.Cosine;

    /// <summary>
    /// Distance beyond which a stored row is no neighbour, in the unit of the metric, finite, and at least 0 but for
    /// metric InnerProduct; null (the default) means that none is too far away. A row may then have no neighbours.
    /// </summary>
    public float? LargestDistance { get; init; }

    /// <summary>
    /// Whether the stored row with a row's own id is left out, so that rows can be compared with each other: for
    /// de-duplication and "more like this". Needs <see cref="IdColumnName"/>. Default false.
    /// </summary>
    public bool LeavesOutSameId { get; init; }

    /// <summary>
    /// Name of a column that tells the group of a row, a text, Boolean, integer or key: a row's neighbours are then the
    /// nearest stored rows of its own group, as if no others were stored. A key stands for its key value. A row whose
    /// text is empty or whose key is missing has no group, so no neighbours, and is nobody's. Null (the default) means
    /// that all rows may be neighbours.
    /// </summary>
    public string? GroupColumnName { get; init; }

    /// <summary>
    /// Names of columns of the stored rows whose values are given for every neighbour, in a column named
    /// <c>Neighbor</c> and the column's name. Each is a text, number, Boolean, date or time span, or a vector of them
    /// with a fixed size; vectors follow each other, neighbour by neighbour. Default none.
    /// </summary>
    public IReadOnlyList<string> StoredColumnNames { get; init; } = [];

    /// <summary>Name of the column with ids of neighbours, Int64, nearest first. Default <c>NeighborIds</c>.</summary>
    public string IdsColumnName { get; init; } = "NeighborIds";

    /// <summary>
    /// Name of the column with the neighbours' distances, Single, ascending. Default <c>NeighborDistances</c>.
    /// </summary>
    public string DistancesColumnName { get; init; } = "NeighborDistances";

    /// <summary>
    /// How neighbours are searched, and whether codes take the place of vectors; distances are then those to what the
    /// codes stand for. Default exact while that is fast enough, then a graph, which misses some. Where
    /// none may be missed, as in de-duplication, ask for <see cref="SearchStrategy.Exact"/>.
    /// </summary>
    public IndexOptions Index { get; init; } = new();

    /// <summary>Mark of the encoder whose features a memory was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>Gives the stored rows with the index that they are searched by.</summary>
    internal BankSnapshot Indexed(BankSnapshot rows, IChannel channel) =>
        NeighborCount is { } count
            ? MemoryIndexing.Apply(rows, Index, count, channel)
            : rows; // a range search compares with all

    /// <summary>Gives the name of the column with the neighbours' values of a stored column.</summary>
    internal static string OutputNameOf(string storedColumnName) => "Neighbor" + storedColumnName;

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(StoredColumnNames);
        ArgumentNullException.ThrowIfNull(Index);
        var violations = new OptionViolations(nameof(NearestNeighborsOptions));
        ValidateSearch(violations);
        violations.Require(
            !LeavesOutSameId || IdColumnName is not null,
            nameof(LeavesOutSameId),
            "false where IdColumnName is null",
            LeavesOutSameId);
        violations.RequireName(IdsColumnName, nameof(IdsColumnName));
        violations.RequireName(DistancesColumnName, nameof(DistancesColumnName));
        Index.Validate(violations, $"{nameof(Index)}.");
        ValidateOutputs(violations);
        violations.ThrowIfAny();
    }

    /// <summary>Checks what is read of rows and which of them are neighbours.</summary>
    internal void ValidateSearch(OptionViolations violations)
    {
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        violations.RequireNullOrName(IdColumnName, nameof(IdColumnName));
        violations.RequireNullOrName(GroupColumnName, nameof(GroupColumnName));
        violations.Require(NeighborCount is null or >= 1, nameof(NeighborCount), "null or at least 1", NeighborCount);
        violations.Require(Enum.IsDefined(Metric), nameof(Metric), "a metric", Metric);
        violations.Require(
            LargestDistance is not { } distance
                || (float.IsFinite(distance) && (distance >= 0 || Metric == Metric.InnerProduct)),
            nameof(LargestDistance),
            Metric == Metric.InnerProduct ? "null or finite" : "null, or finite and at least 0",
            LargestDistance);
        violations.Require(
            NeighborCount is not null || LargestDistance is not null,
            nameof(LargestDistance),
            "a distance where NeighborCount is null",
            "null");
        violations.Require(
            NeighborCount is not null || Index.Strategy is not (SearchStrategy.Graph or SearchStrategy.Quantized),
            nameof(NeighborCount),
            $"a number where Index.Strategy is {Index.Strategy}",
            "null");
    }

    private void ValidateOutputs(OptionViolations violations)
    {
        foreach (string name in StoredColumnNames) violations.RequireName(name, nameof(StoredColumnNames));
        string[] outputs = [IdsColumnName, DistancesColumnName, .. StoredColumnNames.Select(OutputNameOf)];
        string? twice = outputs.GroupBy(name => name).FirstOrDefault(names => names.Count() > 1)?.Key;
        violations.Require(
            twice is null, nameof(StoredColumnNames), "names that lead to output columns of different names", twice);
    }
}
