// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>A memory inside a model, to which one thread makes changes while others read.</summary>
/// <remarks>
/// Changes are checked, group by group, before they are journalled, and applied afterwards: what has passed the check
/// must not fail then. The same groups give the same memory, bit for bit.
/// </remarks>
internal abstract class LiveMemory
{
    private const long LargestCounter = StoredIds.LargestNext;

    /// <summary>The whole model with the memory as it is.</summary>
    public abstract ITransformer Model { get; }

    /// <summary>Number of entries now.</summary>
    public abstract int Count { get; }

    /// <summary>Length d of a row of features.</summary>
    public abstract int Dimension { get; }

    /// <summary>The classes as they are.</summary>
    public abstract ClassTable Classes { get; }

    /// <summary>Finds the memory of a model that can be changed entry by entry.</summary>
    /// <exception cref="InvalidOperationException">The model holds no such memory, or more than one.</exception>
    public static LiveMemory Of(MLContext mlContext, ITransformer model, string path)
    {
        ITransformer[] parts = [.. Flatten(model)];
        ITransformer[] found =
        [
            .. parts.Where(
                part => part is VisualMemoryTransformer or CompressedMemoryTransformer or AdaNpcTransformer),
        ];
        return found switch
        {
            [VisualMemoryTransformer visual] => new LiveVisualMemory(model, visual),
            [CompressedMemoryTransformer compressed] => new LiveCompressedMemory(model, compressed),
            [AdaNpcTransformer adaptive] => new LiveAdaptiveMemory(mlContext, model, adaptive),
            _ => throw new InvalidOperationException(
                $"Model '{path}' must hold exactly one VisualMemoryTransformer, CompressedMemoryTransformer or "
                + $"AdaNpcTransformer, which can be changed entry by entry. Got "
                + $"{string.Join(", ", parts.Select(part => part.GetType().Name))}."),
        };
    }

    /// <summary>Whether a change has to be a group of its own.</summary>
    public abstract bool IsAlone(MemoryChange change);

    /// <summary>Checks a change that follows those of its group that have passed.</summary>
    /// <exception cref="ArgumentException">A value does not fit the memory, or an id is taken.</exception>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="InvalidOperationException">The memory cannot do it.</exception>
    public abstract void Check(MemoryChange change);

    /// <summary>Makes a change that has passed the check.</summary>
    public abstract ChangeOutcome Apply(MemoryChange change);

    /// <summary>Forgets that changes have passed the check: they will not be made.</summary>
    public abstract void ForgetChecks();

    /// <summary>Shows readers what has been applied; the next change starts a group.</summary>
    public abstract void EndGroup();

    /// <summary>Gives what makes the model as it is now, at any later time and on any thread.</summary>
    public abstract Func<ITransformer> Freeze();

    /// <summary>Reads labelled rows that are to be added; null where there are none.</summary>
    public abstract AddChange? ReadExamples(IDataView examples, string? labelColumnName);

    /// <summary>Predicts a row.</summary>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    public abstract AdaptivePrediction Predict(ReadOnlySpan<float> features);

    /// <summary>Reads rows that are to be adapted to; null where there are none.</summary>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    public abstract AdaptChange? ReadRows(IDataView rows);

    /// <summary>Makes the changes of a group.</summary>
    public ChangeOutcome[] ApplyAll(IReadOnlyList<MemoryChange> changes)
    {
        var outcomes = new ChangeOutcome[changes.Count];
        for (int index = 0; index < outcomes.Length; index++) outcomes[index] = Apply(changes[index]);
        EndGroup();
        return outcomes;
    }

    /// <summary>Makes the changes of a group that was read from a file.</summary>
    /// <exception cref="InvalidDataException">A change does not fit the memory.</exception>
    public void Replay(JournalGroup group, string path)
    {
        try
        {
            MemoryChange[] changes = [.. group.Changes.Select(ChangeFormat.Read)];
            if (changes.Length > 1 && changes.Any(IsAlone))
                throw new InvalidDataException("The change must be alone in its group. Got others.");
            foreach (MemoryChange change in changes) Check(change);
            ApplyAll(changes);
        }
        catch (Exception error)
            when (error is ArgumentException or KeyNotFoundException
                or InvalidOperationException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"The changes from {group.FirstSequence} on in journal '{path}' must fit the memory. Got: "
                + $"{error.Message}",
                error);
        }
    }

    /// <summary>Reads labelled rows by value.</summary>
    private protected static AddChange? Read(
        IDataView examples,
        ImportColumnNames names,
        string labelColumnName,
        ClassTable known,
        int dimension,
        IHostEnvironment environment)
    {
        DataViewSchema.Column label = Columns.Find(examples.Schema, labelColumnName);
        using IChannel channel = environment.Register(nameof(DurableMemory)).Start("Add");
        var bank = new MemoryBank(dimension);
        ClassTable classes = ExampleImport.Into(bank, examples, names, label, known, channel);
        BankSnapshot rows = bank.Snapshot();
        if (rows.Count == 0) return null;
        Entry[] entries = [.. rows.Entries];
        float[] features = new float[(long)entries.Length * dimension];
        for (int row = 0; row < entries.Length; row++)
            rows.CopyKey(entries[row].Position, features.AsSpan(row * dimension, dimension));
        return new AddChange(
            ChangeLabels.Of(classes, Array.ConvertAll(entries, entry => entry.Label)),
            features)
        {
            Ids = names.Id is null ? null : Array.ConvertAll(entries, entry => entry.Id),
            Weights = names.Weight is null ? null : Array.ConvertAll(entries, entry => entry.Weight),
        };
    }

    /// <summary>Keeps the ids and sequence numbers of a hostile model from ever coming to their end.</summary>
    private protected static void RequireCounter(long next)
    {
        if (next <= LargestCounter) return;
        throw new InvalidOperationException(
            $"The memory must have ids and sequence numbers up to {LargestCounter}. Got {next}.");
    }

    /// <summary>Says that a kind of memory cannot do what an adaptive one can.</summary>
    private protected static InvalidOperationException NotSupported(string kind)
        => new($"DurableMemory must hold an adaptive memory for that. Got {kind}. Use its Model, or train AdaNpc.");

    /// <summary>Checks what every memory asks of examples.</summary>
    private protected void CheckShape(AddChange change)
    {
        if (change.Features.Length != (long)change.Count * Dimension)
        {
            throw new ArgumentException(
                $"features must be [{change.Count}, {Dimension}] to match the memory. Got {change.Features.Length} "
                + "values.");
        }

        CheckLabels(change.Labels);
    }

    /// <summary>
    /// Checks that labels are of the type of the classes, texts whole, and numbers not larger than they may be.
    /// </summary>
    private protected void CheckLabels(ChangeLabels labels)
    {
        if (!Equals(labels.Type, Classes.ValueType))
        {
            throw new ArgumentException(
                $"labels must be of the type of the memory's classes, {Name(Classes.ValueType)}. Got "
                + $"{Name(labels.Type)}.");
        }

        ClassTable.RequireWhole(labels.Values);
        if (labels.Type is not null) return;
        int most = Math.Max(LabelParser.MostNumbered, Classes.Count); // classes would become as many as a number says
        foreach (object value in labels.Values)
        {
            if ((int)value < 0 || (int)value >= most)
                throw new ArgumentException($"labels must be classes in [0, {most}). Got {value}.");
        }

        static string Name(PrimitiveDataViewType? type) => type?.ToString() ?? "key without values";
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
