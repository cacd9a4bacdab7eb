// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    private const int ExplainedRows = 256;

    /// <summary>Says for each row which entries made its prediction, and how much each of them did.</summary>
    /// <param name="rows">Rows with the feature column.</param>
    /// <returns>One explanation for each row, in order; each lists all neighbours, so explain few rows at a time.
    /// </returns>
    /// <remarks>Cost: that of predicting the rows, and n·k contributions in memory.</remarks>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">A row's vector has another length than its column says.</exception>
    public IReadOnlyList<Explanation> Explain(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);

        DataViewSchema.Column column = Columns.Features(
            rows.Schema, FeatureColumnName, Dimension, EncoderFingerprint);
        var finder = new NeighborFinder(this);
        var explainer = new MemoryExplainer(this, finder);
        var explanations = new List<Explanation>();
        float[] block = new float[ExplainedRows * Dimension];
        long[] positions = new long[ExplainedRows];
        using DataViewRowCursor cursor = rows.GetRowCursor([column, .. finder.ColumnsOf(rows.Schema)]);
        var features = new FeatureReader(cursor, column);
        CandidateReader? candidates = finder.ReaderOf(cursor);
        int count = 0;
        while (cursor.MoveNext())
        {
            features.Read(block.AsSpan(count * Dimension, Dimension));
            candidates?.Read(count);
            positions[count] = cursor.Position;
            if (++count < ExplainedRows) continue;
            explainer.Explain(block, positions, explanations);
            count = 0;
        }

        explainer.Explain(block.AsSpan(0, count * Dimension), positions.AsSpan(0, count), explanations);
        return explanations;
    }

    /// <summary>Says which entries make the prediction for one row of features, and how much each of them does.
    /// </summary>
    /// <param name="features">[d]; a row with NaN or infinity has no prediction, as in <c>Transform</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="features"/> is not d long.</exception>
    /// <exception cref="InvalidOperationException">The memory ranks candidates, which come with a view alone.
    /// </exception>
    public Explanation Explain(ReadOnlySpan<float> features)
    {
        if (features.Length != Dimension)
        {
            throw new ArgumentException(
                $"features must be [d] = {Dimension} values long. Got {features.Length}.", nameof(features));
        }

        if (CandidateColumnName is { } candidates)
        {
            throw new InvalidOperationException(
                $"VisualMemoryTransformer.Explain must see the candidates in column '{candidates}'. "
                + "Got features alone. Explain a view with both.");
        }

        var explanations = new List<Explanation>(1);
        new MemoryExplainer(this, new NeighborFinder(this)).Explain(features, [], explanations);
        return explanations[0];
    }

    /// <summary>Says what would be predicted for a stored entry if it were not there, and which entries do it.
    /// </summary>
    /// <remarks>
    /// <para>The explanation is that of <c>Remove(id)</c> for the entry's features, but for what was fitted on the
    /// entries: pruning, calibration and rejection stay as they are instead of being fitted anew. All other entries are
    /// searched, also where the memory ranks candidates.</para>
    /// <para>Cost: one search, and one call for each entry to leave that one out.</para>
    /// </remarks>
    /// <param name="id">Id of the entry.</param>
    /// <exception cref="KeyNotFoundException">The id is not stored.</exception>
    public Explanation ExplainEntry(long id)
    {
        if (!Model.TryFind(id, out int position))
            throw new KeyNotFoundException($"id must be stored. Got {id}, which is not.");

        return new MemoryExplainer(this, NeighborFinder.OfAll(this)).ExplainWithout(Model.EntryAt(position));
    }
}
