// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The labelled rows of a view, all at once, for methods that pass over them several times.</summary>
/// <param name="Features">[n, d], finite.</param>
/// <param name="Labels">[n] classes.</param>
/// <param name="Ids">[n] ids, as the id column says, or counted from 0.</param>
/// <param name="Classes">The known classes, followed by those that turned up.</param>
internal sealed record LabelledRows(float[] Features, int[] Labels, long[] Ids, ClassTable Classes)
{
    /// <summary>Reads every labelled row of a view and reports rows whose label is missing.</summary>
    public static LabelledRows Read(
        IDataView view,
        ImportColumnNames names,
        DataViewSchema.Column label,
        ClassTable? known,
        int dimension,
        IChannel channel)
    {
        var bank = new MemoryBank(dimension);
        ClassTable classes = ExampleImport.Into(bank, view, names, label, known, channel);
        BankSnapshot rows = bank.Snapshot();
        float[] features = new float[FeatureRows.LengthOf(rows.Count, dimension)];
        int[] labels = new int[rows.Count];
        long[] ids = new long[rows.Count];
        int next = 0;
        foreach (Entry entry in rows.Entries)
        {
            rows.CopyKey(entry.Position, features.AsSpan(next * dimension, dimension));
            ids[next] = entry.Id;
            labels[next++] = entry.Label;
        }

        return new LabelledRows(features, labels, ids, classes);
    }
}
