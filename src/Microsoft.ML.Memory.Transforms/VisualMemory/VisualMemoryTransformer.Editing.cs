// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    /// <summary>Remembers more examples, of known or new classes, without training.</summary>
    /// <remarks>
    /// <para>The result equals a fit on the former rows followed by these, bit for bit, where the search is exact.
    /// Classes are matched by label value, or by key number where the memory's label has no key values; new ones come
    /// after the known ones, in the order in which they turn up. Rows whose label is missing are skipped, and a warning
    /// says how many.</para>
    /// <para>A memory of codes codes them by the codebooks that it has; one that waits for enough entries trains its
    /// codebooks by the call that brings them, and codes all.</para>
    /// <para>Cost: the added rows; the entries that are there already are shared, not copied. A graph takes added
    /// entries in once they are more than 4,096 and a 32nd of those it has; until then they are compared with as
    /// well. Pruning, calibration and rejection are fitted anew at the first use of the result, O(n²·d), so several
    /// edits in a row pay once. What was fitted on held-out rows stays as it is.</para>
    /// </remarks>
    /// <param name="examples">Rows with the columns that the memory was trained on.</param>
    /// <param name="labelColumnName">
    /// Column with the labels: a key, or the label values themselves; null takes the column named in the options.
    /// </param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an id is taken.</exception>
    /// <exception cref="InvalidOperationException">
    /// A feature or weight is not a finite number; the message names the row.
    /// </exception>
    public VisualMemoryTransformer Add(IDataView examples, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(examples);

        DataViewSchema.Column label = Columns.Find(examples.Schema, labelColumnName ?? Options.LabelColumnName);
        using IChannel channel = Environment.Register(nameof(VisualMemoryTransformer)).Start("Add");
        var bank = new MemoryBank(Model);
        ClassTable classes = ExampleImport.Into(bank, examples, Options.Columns, label, Levels.Leaves, channel);
        return With(bank.Snapshot(), classes, channel);
    }

    /// <summary>Forgets entries: the result predicts as if they had never been there.</summary>
    /// <remarks>
    /// Classes stay, even empty ones: see <see cref="DropEmptyClasses"/>. A saved result holds no byte of them. Cost:
    /// as of <see cref="Add"/>. Along a graph, other entries may be found than along one built without them. Codebooks
    /// of a memory of codes stay, and may carry traces of the entries that they were trained on. A temperature or table
    /// of scores that was fitted on held-out rows stays, so those keep what little the entries had to do with them.
    /// </remarks>
    /// <param name="ids">Ids of entries, each stored and named once.</param>
    /// <returns>A new transformer; this one keeps the entries.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    public VisualMemoryTransformer Remove(params IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);

        using IChannel channel = Environment.Register(nameof(VisualMemoryTransformer)).Start("Remove");
        var bank = new MemoryBank(Model);
        bank.Remove([.. ids]);
        return With(bank.Snapshot(), Levels.Leaves, channel);
    }

    /// <summary>Forgets every entry that fits a condition.</summary>
    /// <returns>A new transformer; this one keeps the entries.</returns>
    public VisualMemoryTransformer RemoveWhere(Func<Entry, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);

        using IChannel channel = Environment.Register(nameof(VisualMemoryTransformer)).Start("Remove");
        var bank = new MemoryBank(Model);
        bank.RemoveWhere(condition);
        return With(bank.Snapshot(), Levels.Leaves, channel);
    }

    /// <summary>Drops the classes that have no entry, so that <c>Score</c> and the key values shrink.</summary>
    /// <remarks>
    /// <para>Classes without label values are known by number, so of those only the last ones can go.</para>
    /// <para>The host's <c>Evaluate</c> compares labels with predictions by key number, and labels of a pipeline keep
    /// theirs: where a class before others goes, map labels anew first.</para>
    /// <para>Cost: shares the entries where the empty classes are the last ones, else copies all entries once.</para>
    /// </remarks>
    /// <returns>A new transformer; this one keeps the classes.</returns>
    /// <exception cref="InvalidOperationException">The memory is empty, so no class would be left.</exception>
    public VisualMemoryTransformer DropEmptyClasses()
    {
        if (Model.Count == 0)
        {
            throw new InvalidOperationException(
                "VisualMemoryTransformer.DropEmptyClasses must leave at least one class. "
                + "Got an empty memory. Add entries first.");
        }

        ClassTable classes = Levels.Leaves;
        var counts = new double[classes.Count];
        Model.CountClasses(counts);
        int last = Array.FindLastIndex(counts, count => count > 0);
        int[] kept = [.. Enumerable.Range(0, last + 1).Where(index => counts[index] > 0 || classes.ValueType is null)];
        bool isPrefix = kept[^1] == kept.Length - 1;
        using IChannel channel = Environment.Register(nameof(VisualMemoryTransformer)).Start("DropEmptyClasses");
        return With(isPrefix ? Model : Relabel(kept), classes.Keep(kept), channel);
    }

    private BankSnapshot Relabel(int[] kept)
    {
        var bank = new MemoryBank(Model.Emptied(Model.NextId));
        float[] key = new float[Model.Dimension];
        foreach (Entry entry in Model.Entries)
        {
            Model.CopyKey(entry.Position, key);
            int label = Array.BinarySearch(kept, entry.Label);
            bank.AddRange(key, [label], [entry.Weight], [entry.Id], entry.Origin);
        }

        return bank.Snapshot();
    }
}
