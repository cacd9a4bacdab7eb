// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

public sealed partial class DurableMemory
{
    /// <summary>Remembers one example.</summary>
    /// <remarks>
    /// A visual memory takes new classes as well. An adaptive memory takes it as feedback that comes after a
    /// prediction: of a class it knows, without id and weight.
    /// </remarks>
    /// <param name="features">[d], finite.</param>
    /// <param name="label">Name of its class.</param>
    /// <param name="id">An id that is free, below 2^62 - 1; null takes the next.</param>
    /// <param name="weight">Finite and at least 0; null means 1.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <returns>The id; null where a full adaptive memory refused the example by its policy.</returns>
    /// <exception cref="ArgumentException">A value does not fit the memory, or the id is taken.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public Task<long?> AddAsync(
        ReadOnlySpan<float> features,
        string label,
        long? id = null,
        float? weight = null,
        CancellationToken cancellationToken = default)
    {
        RequireOpen();
        LiveMemory memory = _writer.Memory;
        CheckRow(memory, features);
        if (!FeatureReader.IsFinite(features))
            throw new ArgumentException("features must be finite. Got NaN or infinity.", nameof(features));
        if (weight is { } given && !(given >= 0 && float.IsFinite(given)))
            throw new ArgumentException(
                $"weight must be finite and at least 0. Got {Check.Shown(given)}.", nameof(weight));
        var change = new AddChange(LabelParser.Parse(label, memory.Classes), features.ToArray())
        {
            Ids = id is { } number ? [number] : null,
            Weights = weight is { } value ? [value] : null,
        };
        return FirstIdAsync(change, cancellationToken);
    }

    /// <summary>Remembers labelled rows, all of them or, on an error, none.</summary>
    /// <remarks>Rows whose label is missing are skipped, and a warning says how many.</remarks>
    /// <param name="examples">Rows with the columns that the memory was trained on.</param>
    /// <param name="labelColumnName">
    /// Column with the labels: a key, or the label values themselves; null takes the column named in the options.
    /// </param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <returns>
    /// The ids of the labelled rows, in their order; null for a row that a full adaptive memory refused by its policy.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, an id is taken, or the rows are more than a group may hold.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A feature or weight is not a finite number; the message names the row.
    /// </exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public Task<IReadOnlyList<long?>> AddAsync(
        IDataView examples, string? labelColumnName = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        RequireOpen();
        return _writer.Memory.ReadExamples(examples, labelColumnName) is { } change
            ? IdsAsync(change, cancellationToken)
            : Task.FromResult<IReadOnlyList<long?>>([]);
    }

    /// <summary>Forgets entries, all that are named or, on an error, none.</summary>
    /// <remarks>
    /// Their bytes leave the files with the next compaction that begins after this. Classes stay, even empty ones: see
    /// <see cref="DropEmptyClassesAsync"/>.
    /// </remarks>
    /// <param name="ids">Ids of entries, each stored and named once.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public Task RemoveAsync(IEnumerable<long> ids, CancellationToken cancellationToken = default)
        => RemoveAsync(ids, withDescendants: false, cancellationToken);

    /// <summary>Forgets entries of an adaptive memory and all whose label may go back to them.</summary>
    /// <param name="ids">Ids of entries, each stored and named once.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <returns>The ids of all that was removed.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public async Task<IReadOnlyList<long>> RemoveWithDescendantsAsync(
        IEnumerable<long> ids, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<long?> removed = await RemoveAsync(ids, withDescendants: true, cancellationToken)
            .ConfigureAwait(false);
        return [.. removed.OfType<long>()];
    }

    /// <summary>Gives an entry its true label: feedback that comes later.</summary>
    /// <remarks>
    /// In a visual memory any entry can be corrected; it keeps its id and weight and counts as the latest. In an
    /// adaptive memory only entries that are no source entries can; they get a new id. A compressed memory keeps no
    /// vectors: remove the entry and add it again.
    /// </remarks>
    /// <param name="id">Id of an entry.</param>
    /// <param name="label">Name of its class.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <returns>The id from now on.</returns>
    /// <exception cref="KeyNotFoundException">The id is not stored.</exception>
    /// <exception cref="ArgumentException">The label does not fit the memory, or the entry is a source entry of an
    /// adaptive memory.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public async Task<long> CorrectAsync(long id, string label, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        var change = new CorrectChange(id, LabelParser.Parse(label, _writer.Memory.Classes));
        return await FirstIdAsync(change, cancellationToken).ConfigureAwait(false) ?? id;
    }

    /// <summary>Predicts one row with an adaptive memory, then remembers it if the prediction is sure enough.</summary>
    /// <param name="features">[d]; a row with NaN or infinity gets no prediction and is not remembered.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <exception cref="ArgumentException">The length is not d.</exception>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public Task<AdaptivePrediction> AdaptAsync(
        ReadOnlySpan<float> features, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        CheckRow(_writer.Memory, features);
        return FirstPredictionAsync(new AdaptChange(features.ToArray()), cancellationToken);
    }

    /// <summary>Predicts rows batch by batch, remembering the sure ones of a batch before the next.</summary>
    /// <param name="rows">Rows with the feature column of the model.</param>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <exception cref="ArgumentException">
    /// The feature column is missing or of the wrong type or size, or the rows are more than a group may hold.
    /// </exception>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public async Task<IReadOnlyList<AdaptivePrediction>> AdaptAsync(
        IDataView rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RequireOpen();
        if (_writer.Memory.ReadRows(rows) is not { } change) return [];
        return (await _writer.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).Predictions;
    }

    /// <summary>Drops the classes of a visual memory that have no entry, and with them their names.</summary>
    /// <param name="cancellationToken">Counts until the change is taken for a group; then it is made.</param>
    /// <exception cref="InvalidOperationException">The memory is empty, or an adaptive one.</exception>
    /// <exception cref="IOException">It could not be written: the memory has to be opened again.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public Task DropEmptyClassesAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return _writer.ChangeAsync(new DropClassesChange(), cancellationToken);
    }

    private static void CheckRow(LiveMemory memory, ReadOnlySpan<float> features)
        => Check.Length(features.Length, memory.Dimension, nameof(features), "[d]");

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_isClosed, this);

    private Task<IReadOnlyList<long?>> RemoveAsync(
        IEnumerable<long> ids, bool withDescendants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RequireOpen();
        long[] named = [.. ids];
        return named.Length > 0
            ? IdsAsync(new RemoveChange(named, withDescendants), cancellationToken)
            : Task.FromResult<IReadOnlyList<long?>>([]);
    }

    private async Task<IReadOnlyList<long?>> IdsAsync(MemoryChange change, CancellationToken cancellationToken)
        => (await _writer.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).Ids;

    private async Task<long?> FirstIdAsync(MemoryChange change, CancellationToken cancellationToken)
        => (await _writer.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).Ids[0];

    private async Task<AdaptivePrediction> FirstPredictionAsync(AdaptChange change, CancellationToken cancellationToken)
        => (await _writer.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).Predictions[0];
}
