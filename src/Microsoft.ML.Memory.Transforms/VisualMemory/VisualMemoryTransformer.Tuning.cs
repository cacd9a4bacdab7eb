// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    /// <summary>Counts how often each entry misleads and helps the others, leave-one-out.</summary>
    /// <remarks>Labels are those that are voted for. Cost: O(n²·d), unless pruning has counted already.</remarks>
    /// <param name="neighborCount">Number of neighbours that each entry looks at, at least 1.</param>
    /// <exception cref="ArgumentException">The number is below 1.</exception>
    public EntryReliability Reliability(int neighborCount = 10)
    {
        Check.AtLeast(neighborCount, 1, "Reliability's neighborCount");
        if (Options.Pruning.Kind != PruningKind.None && Options.Pruning.CountedNeighbors == neighborCount)
            return Trust.Pruning!.Reliability;
        return EntryReliability.OfAncestors(Model, neighborCount, Levels.Ancestors, null);
    }

    /// <summary>Fits the temperature of the scores on held-out rows.</summary>
    /// <remarks>
    /// <para>Minimises the negative log-likelihood; the calibration error may still rise where rows are few. Never
    /// calibrate on rows that are in the memory: each would be its own nearest neighbour.</para>
    /// <para>The temperature stays through <see cref="Add"/> and <see cref="Remove"/>; calibrate again after many
    /// edits. With <see cref="VisualMemoryOptions.Calibration"/> the memory's own entries serve instead, and every edit
    /// fits the temperature anew. Rows without neighbours are left out.</para>
    /// </remarks>
    /// <param name="heldOut">Labelled rows; a label that the memory does not know counts as always wrong.</param>
    /// <param name="labelColumnName">Column with the labels; null takes the column named in the options.</param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row is labelled.</exception>
    public VisualMemoryTransformer Calibrate(IDataView heldOut, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(heldOut);

        VisualMemoryOptions options = Options with { Calibration = CalibrationKind.PowerTemperature };
        TrustPass pass = Pass(options, heldOut, labelColumnName ?? Options.LabelColumnName, nameof(Calibrate));
        PowerTemperature temperature = pass.Temperature();
        return With(options, HeldOut with { Temperature = temperature }, Trust with { Temperature = temperature });
    }

    /// <summary>Measures the scores against the labels of rows that are not in the memory.</summary>
    /// <param name="rows">Labelled rows; a label that the memory does not know counts as always wrong.</param>
    /// <param name="labelColumnName">Column with the labels; null takes the column named in the options.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row is labelled.</exception>
    public CalibrationReport MeasureCalibration(IDataView rows, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(rows);

        var probabilities = new List<double>();
        var predicted = new List<int>();
        var labels = new List<int>();
        var vote = new NeighborVote(Options, Model, Levels, Trust.Pruning);
        new MeasuredRows(this, rows, labelColumnName ?? Options.LabelColumnName, nameof(MeasureCalibration)).Each(
            Options.NeighborCount,
            (label, positions, distances) =>
            {
                int? winner = vote.Count(positions, distances);
                if (winner is not null) Trust.Temperature?.Apply(vote.Shares);
                probabilities.AddRange(winner is null ? Prior : vote.Shares);
                predicted.Add(winner ?? -1);
                labels.Add(label);
            });
        return CalibrationReport.Of([.. probabilities], [.. predicted], [.. labels], ClassCount);
    }

    /// <summary>Changes the share of known queries that pass, from the table that was stored in training.</summary>
    /// <param name="rate">Above 0 and at most 1, rounded up to a thousandth.</param>
    /// <returns>A new transformer; this one stays as it is. Cost: nothing is fitted anew.</returns>
    /// <exception cref="ArgumentException">The rate is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Rejection is off.</exception>
    public VisualMemoryTransformer WithKeptRate(double rate)
    {
        RejectionOptions rejection = RequireRejection(nameof(WithKeptRate)) with { KeptRate = rate };
        VisualMemoryOptions options = Options with { Rejection = rejection };
        options.Validate();
        return new VisualMemoryTransformer(Environment, options, Model, Levels, HeldOut, _trust);
    }

    /// <summary>Takes the table of known scores from held-out rows instead of the memory's own entries.</summary>
    /// <remarks>The table stays through <see cref="Add"/> and <see cref="Remove"/>.</remarks>
    /// <param name="known">Rows of known classes; no label is needed. Rows without neighbours are left out.</param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">Rejection is off, or there is no row.</exception>
    public VisualMemoryTransformer WithKnownRows(IDataView known)
    {
        ArgumentNullException.ThrowIfNull(known);
        RequireRejection(nameof(WithKnownRows));

        VisualMemoryOptions uncalibrated = Options with { Calibration = CalibrationKind.None };
        KnownScores scores = Pass(uncalibrated, known, null, nameof(WithKnownRows)).Known(Trust.Medians);
        return With(Options, HeldOut with { Known = scores }, Trust with { Known = scores });
    }

    /// <summary>Lets entries vote for other classes than they are stored under, such as their ancestors.</summary>
    /// <remarks>
    /// Voting for ancestors is not the same as taking the ancestor of the winner. What was fitted on held-out rows is
    /// given up.
    /// </remarks>
    /// <param name="ancestors">
    /// Name of the class voted for, by name of the stored class; others vote for themselves. Null: all do.
    /// </param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public VisualMemoryTransformer WithClassMap(IReadOnlyDictionary<string, string>? ancestors)
    {
        VisualMemoryOptions options = Options with { ClassMap = ancestors is null ? null : new ClassMap(ancestors) };
        return new VisualMemoryTransformer(Environment, options, Model, Levels.Leaves);
    }

    /// <summary>Tries every number of neighbours and several rank offsets on validation rows, in one search.</summary>
    /// <remarks>
    /// <para>One search for K neighbours a row, then running totals: O(K) a row and offset. With pruning, k counts the
    /// neighbours that were retrieved, pruned ones included.</para>
    /// <para>Tune on rows that are neither in the memory nor in the final test.</para>
    /// </remarks>
    /// <param name="validation">Labelled rows; one without neighbours, or with an unknown label, is wrong.</param>
    /// <param name="neighborCount">
    /// Largest number of neighbours K, at least 1; null takes that of the options. A smaller memory ends the list.
    /// </param>
    /// <param name="rankOffsets">
    /// Offsets to try, each at least 0.1; null takes 1, 2, 4 and 8. A memory that does not vote by rank tries none.
    /// </param>
    /// <param name="labelColumnName">Column with the labels; null takes the column named in the options.</param>
    /// <returns>The right rows of each setting, and the best one: see <see cref="WithVote"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range, or a column is missing or wrong.</exception>
    /// <exception cref="InvalidOperationException">No row is labelled, or the memory is empty.</exception>
    public VoteTuning TuneVote(
        IDataView validation,
        int? neighborCount = null,
        IReadOnlyList<double>? rankOffsets = null,
        string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(validation);
        int most = neighborCount ?? Options.NeighborCount;
        Check.AtLeast(most, 1, "TuneVote's neighborCount", nameof(neighborCount));
        double[] offsets = Options.Vote == VoteKind.Rank ? [.. rankOffsets ?? [1, 2, 4, 8]] : [Options.RankOffset];
        Check.AtLeast(offsets.Length, 1, "TuneVote's number of rankOffsets", nameof(rankOffsets));
        foreach (double offset in offsets) (Options with { RankOffset = offset }).Validate();
        if (Model.Count == 0)
        {
            throw new InvalidOperationException(
                "VisualMemoryTransformer.TuneVote must have at least one entry. "
                + "Got an empty memory. Add entries first.");
        }

        most = Math.Min(most, Model.Count);
        var sweep = new VoteSweep(this, most, offsets);
        new MeasuredRows(this, validation, labelColumnName ?? Options.LabelColumnName, nameof(TuneVote)).Each(
            most, sweep.Add);
        return sweep.Report();
    }

    /// <summary>Changes the number of neighbours and the rank offset.</summary>
    /// <remarks>
    /// What the memory has learnt about itself is fitted anew at the first use; what was fitted on held-out rows is
    /// given up, since it belongs to another vote.
    /// </remarks>
    /// <param name="neighborCount">Number of neighbours that vote, at least 1.</param>
    /// <param name="rankOffset">Offset of rank votes, at least 0.1; null keeps it.</param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public VisualMemoryTransformer WithVote(int neighborCount, double? rankOffset = null)
    {
        VisualMemoryOptions options = Options with
        {
            NeighborCount = neighborCount,
            RankOffset = rankOffset ?? Options.RankOffset,
        };
        options.Validate();
        return new VisualMemoryTransformer(Environment, options, Model, Levels.Leaves);
    }

    private RejectionOptions RequireRejection(string verb)
        => Options.Rejection ?? throw new InvalidOperationException(
            $"VisualMemoryTransformer.{verb} must have rejection on. Got none. "
            + "Set VisualMemoryOptions.Rejection and fit again.");

    private TrustPass Pass(VisualMemoryOptions options, IDataView view, string? label, string verb)
    {
        var pass = new TrustPass(options, ClassCount);
        var vote = new NeighborVote(Options, Model, Levels, Trust.Pruning);
        new MeasuredRows(this, view, label, verb).Each(Options.NeighborCount, (own, positions, distances) =>
        {
            if (vote.Count(positions, distances) is { } winner) pass.Add(own, winner, vote.Shares, distances);
        });
        return pass;
    }

    private VisualMemoryTransformer With(VisualMemoryOptions options, HeldOutFit heldOut, MemoryTrust trust)
        => new(Environment, options, Model, Levels, heldOut, new Lazy<MemoryTrust>(trust));
}
