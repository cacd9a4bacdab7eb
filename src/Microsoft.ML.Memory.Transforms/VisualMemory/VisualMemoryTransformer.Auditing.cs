// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    /// <summary>
    /// Checks that a memory is what this one becomes without some entries, as if they had never been there.
    /// </summary>
    /// <remarks>
    /// <para>A fresh memory is built from the other entries of this one. Then <paramref name="after"/> must hold none
    /// of the ids and every other entry unchanged; for every probe, and for the vector of every removed entry, its
    /// neighbours, scores and predicted class must be those of the fresh memory, bit for bit; saved and loaded it must
    /// hold the same; and no byte sequence of a removed vector, neither as Singles nor packed to bytes, may occur in
    /// the saved model more often than in that of the fresh memory, numbered alike. Of a memory of codes the fresh one
    /// has the same codebooks, and vectors are what codes stand for.</para>
    /// <para>What it does not see: this transformer, older files and snapshots, which still hold the entries; memory of
    /// the process that was released; traces in codebooks; and models trained elsewhere on the same rows. Gaps between
    /// sequence numbers show that something was removed, but not what.</para>
    /// <para>Sequences of fewer than 8 bytes, such as a Single or seven packed numbers, occur by chance and are not
    /// searched for.</para>
    /// <para>Cost: both memories searched for all probes, one copy of the entries, or two where bytes of a removed
    /// vector are found, and the model saved in memory, where it must stay below 2 GB.</para>
    /// <para>Source: Bourtoule et al., "Machine unlearning", IEEE S&amp;P 2021, arXiv 1912.03817 (unlearning is exact
    /// when the result is that of training without the data).</para>
    /// </remarks>
    /// <param name="after">The memory that should have forgotten, such as the result of <see cref="Remove"/>.</param>
    /// <param name="ids">Ids of entries of this memory that should be forgotten, at least one.</param>
    /// <param name="probes">Rows with the feature column to compare predictions on; may be empty.</param>
    /// <returns>A report with a verdict; a failed check is no exception.</returns>
    /// <exception cref="ArgumentException">
    /// No id is given, one is not stored here or given twice, <paramref name="after"/> has another dimension or metric,
    /// or the feature column of the probes is missing or of the wrong type or size.
    /// </exception>
    public ForgettingAudit VerifyForgotten(VisualMemoryTransformer after, IEnumerable<long> ids, IDataView probes)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(probes);
        if (after.Dimension != Dimension || after.Model.Metric != Model.Metric)
        {
            throw new ArgumentException(
                $"after must be a memory of {Dimension} values and metric {Model.Metric} to be compared. "
                + $"Got {after.Dimension} values and metric {after.Model.Metric}.",
                nameof(after));
        }

        var removed = new HashSet<long>();
        foreach (long id in ids)
        {
            if (!Model.TryFind(id, out _))
            {
                throw new ArgumentException(
                    $"ids must be stored in the memory before. Got {id}, which is not.", nameof(ids));
            }

            if (!removed.Add(id)) throw new ArgumentException($"ids must differ. Got {id} twice.", nameof(ids));
        }

        if (removed.Count == 0)
            throw new ArgumentException("ids must name at least one entry. Got none.", nameof(ids));
        return new ForgettingAuditor(this, after, removed).Run(probes);
    }
}
