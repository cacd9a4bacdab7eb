// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    /// <summary>Predicts every entry by the vote of all others: which entries the memory itself contradicts.</summary>
    /// <remarks>
    /// <para>Each prediction is that of <c>Remove(id)</c> for the entry's features, but for what was fitted on the
    /// entries: pruning and calibration stay as they are instead of being fitted anew. All other entries are searched,
    /// also where the memory ranks candidates. Along a graph, other neighbours may be found than by a search of the
    /// entry's features.</para>
    /// <para>Cost: O(n·k) with neighbours at hand, else one search for all entries, O(n²·d).</para>
    /// </remarks>
    /// <param name="neighbors">
    /// Neighbours of the entries of <c>Model</c>, found without a filter, at least as many as vote; null searches for
    /// them.
    /// </param>
    /// <param name="progress">Is told the share that is searched, from 0 to 1; null tells nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The neighbours are too few, or those of another memory.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public EntryChecks CheckEntries(
        EntryNeighbors? neighbors = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (neighbors is not null) RequireFit(neighbors);

        var checker = new EntryChecker(this);
        int count = Options.NeighborCount;
        if (neighbors is null) LeaveOneOut.Each(Model, count, null, checker.Add, progress, cancellationToken);
        else neighbors.Each(count, checker.Add, cancellationToken);
        return checker.Report();
    }

    private void RequireFit(EntryNeighbors neighbors)
    {
        if (neighbors.Memory != Model)
        {
            throw new ArgumentException(
                "neighbors must be those of the entries of this memory's Model. Got those of another memory.",
                nameof(neighbors));
        }

        if (neighbors.NeighborCount < Math.Min(Options.NeighborCount, Model.Count - 1))
        {
            throw new ArgumentException(
                $"neighbors must be at least {Options.NeighborCount} an entry, as many as vote. "
                + $"Got {neighbors.NeighborCount}. Find more of them, or change the vote with WithVote.",
                nameof(neighbors));
        }
    }
}
