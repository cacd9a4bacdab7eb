// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of one search; the index itself has no knobs to turn between searches.</summary>
public sealed record SearchOptions
{
    /// <summary>The options used where none are given.</summary>
    public static SearchOptions Default { get; } = new();

    /// <summary>
    /// Number of threads, at least 1; null (the default) uses every processor. It never changes a result.
    /// </summary>
    public int? ThreadCount
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), $"SearchOptions.ThreadCount must be null or at least 1. Got {value}.");
    }

    /// <summary>
    /// What an exact search reads first; it never changes a result. Default <see cref="ScanPrecision.Auto"/>.
    /// </summary>
    public ScanPrecision Precision
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), $"SearchOptions.Precision must be a precision. Got {value}.");
    }

    /// <summary>
    /// Says by id which entries may be neighbours; null (the default) lets all. It must give the same answer for the
    /// same id during a search and may be called from several threads, for any number of entries. What it throws ends
    /// the search, which throws the same: so a search can be cancelled.
    /// </summary>
    public Func<long, bool>? Filter { get; init; }

    /// <summary>
    /// Number of candidates that an approximate index weighs for each query, at least 1; null (the default) means the
    /// index's own number. More find more and take longer. An exact index weighs every entry, whatever is said here.
    /// </summary>
    public int? CandidateCount
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), $"SearchOptions.CandidateCount must be null or at least 1. Got {value}.");
    }
}
