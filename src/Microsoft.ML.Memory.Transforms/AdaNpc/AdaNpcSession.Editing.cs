// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

public sealed partial class AdaNpcSession
{
    /// <summary>Remembers one row with its true label, as feedback that comes after a prediction.</summary>
    /// <param name="features">[d], finite.</param>
    /// <param name="label">Name of its class, one of the model's.</param>
    /// <returns>Whether it was remembered; a full memory may refuse it by its policy.</returns>
    /// <exception cref="ArgumentException">The length is not d, a value is not finite, or no class has the name.
    /// </exception>
    public bool Learn(ReadOnlySpan<float> features, string label)
    {
        CheckRow(features);
        return _memory.Learn(features, [ClassOf(label)]) == 1;
    }

    /// <summary>Remembers rows with their true labels; all of them or, on an error, none.</summary>
    /// <remarks>Rows whose label is missing are skipped, and a warning says how many.</remarks>
    /// <param name="rows">Rows with the feature column of the model and a label column.</param>
    /// <param name="labelColumnName">
    /// Column with the labels: a key, or the label values themselves; null takes the column named in the options.
    /// </param>
    /// <returns>Number of rows that were remembered; a full memory may refuse some by its policy.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or a label is of no class.
    /// </exception>
    /// <exception cref="InvalidOperationException">A feature is not a finite number; the message names the row.
    /// </exception>
    public int Learn(IDataView rows, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(rows);

        DataViewSchema.Column label = Columns.Find(rows.Schema, labelColumnName ?? _owner.Options.LabelColumnName);
        using IChannel channel = _owner.Environment.Register(nameof(AdaNpcSession)).Start("Learn");
        var names = new ImportColumnNames(_owner.FeatureColumnName, Encoder: _owner.EncoderFingerprint);
        LabelledRows examples = LabelledRows.Read(rows, names, label, _owner.Classes, _owner.Dimension, channel);
        if (examples.Classes.Count > _owner.ClassCount) throw UnknownClass(examples.Classes.NameOf(_owner.ClassCount));
        return _memory.Learn(examples.Features, examples.Labels);
    }

    /// <summary>Gives an adapted entry its true label; it is feedback from then on, under a new id.</summary>
    /// <param name="id">Id of an entry, as <see cref="AdaptivePrediction.AddedId"/> gave it.</param>
    /// <param name="label">Name of its class, one of the model's.</param>
    /// <returns>The new id.</returns>
    /// <exception cref="KeyNotFoundException">The id is not stored (any more).</exception>
    /// <exception cref="ArgumentException">The entry is a source entry, or no class has the name.</exception>
    public long Correct(long id, string label) => _memory.Correct(id, ClassOf(label));

    /// <summary>Removes entries and leaves what was learned with their help.</summary>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public void Remove(params ReadOnlySpan<long> ids) => _memory.Remove(ids);

    /// <summary>Removes entries and every adapted entry whose label may go back to them.</summary>
    /// <returns>The ids of all that was removed.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public IReadOnlyList<long> RemoveWithDescendants(params ReadOnlySpan<long> ids)
        => _memory.RemoveWithDescendants(ids);

    /// <summary>Keeps, of the entries with predicted labels, only those that stand best for their class.</summary>
    /// <param name="adaptedPerClass">Most adapted entries that a class keeps, at least 0.</param>
    /// <returns>The ids of all that was removed, ascending.</returns>
    /// <exception cref="ArgumentException">The number is below 0.</exception>
    public IReadOnlyList<long> Condense(int adaptedPerClass) => _memory.Condense(adaptedPerClass);

    private int ClassOf(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        for (int index = 0; index < _owner.ClassCount; index++)
        {
            if (_owner.Classes.NameOf(index) == label) return index;
        }

        throw UnknownClass(label);
    }

    private static ArgumentException UnknownClass(string label)
        => new($"label must be a class of the model. Got '{label}'. Train a model with that class.", nameof(label));
}
