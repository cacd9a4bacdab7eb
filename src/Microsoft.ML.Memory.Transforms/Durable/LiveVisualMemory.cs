// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>A visual memory to which changes are made.</summary>
/// <remarks>
/// One bank goes on from group to group, so a change costs its own rows; the transformer of a group is made when
/// somebody asks for it.
/// </remarks>
internal sealed class LiveVisualMemory : LiveMemory
{
    private readonly ITransformer _model;
    private readonly VisualMemoryTransformer _start;
    private readonly StoredIds _ids = new();
    private MemoryBank _bank;
    private GrowingClasses _classes;
    private volatile Version _version;

    /// <param name="model">The model, or the memory itself.</param>
    /// <param name="start">The memory inside it.</param>
    public LiveVisualMemory(ITransformer model, VisualMemoryTransformer start)
    {
        BankSnapshot memory = start.Model;
        RequireCounter(Math.Max(memory.NextId, memory.NextSequence));
        _model = model;
        _start = start;
        _bank = new MemoryBank(memory);
        _classes = new GrowingClasses(start.Levels.Leaves);
        _version = new Version(memory, start.Levels.Leaves, new Lazy<ITransformer>(model));
        ForgetChecks();
    }

    public override ITransformer Model => _version.Model.Value;

    public override int Count => _version.Memory.Count;

    public override int Dimension => _start.Dimension;

    public override ClassTable Classes => _version.Classes;

    public override bool IsAlone(MemoryChange change) => change is DropClassesChange;

    public override void Check(MemoryChange change)
    {
        switch (change)
        {
            case AddChange add:
                CheckShape(add);
                if (add.Ids is { } ids) _ids.Take(ids);
                else _ids.Take(add.Count);
                break;
            case RemoveChange { WithDescendants: false } remove:
                _ids.Release(remove.Ids);
                break;
            case CorrectChange correct:
                CheckLabels(correct.Label);
                _ids.Require(correct.Id);
                break;
            case DropClassesChange when Count == 0:
                throw new InvalidOperationException(
                    "DurableMemory.DropEmptyClasses must leave at least one class. Got an empty memory. "
                    + "Add entries first.");
            case DropClassesChange:
                break;
            default:
                throw NotSupported("a visual memory");
        }
    }

    public override ChangeOutcome Apply(MemoryChange change)
    {
        switch (change)
        {
            case AddChange add:
                return Add(add);
            case RemoveChange remove:
                _bank.Remove(remove.Ids);
                return new ChangeOutcome { Ids = Array.ConvertAll(remove.Ids, id => (long?)id) };
            case CorrectChange correct:
                return Correct(correct);
            default:
                EndGroup();
                VisualMemoryTransformer kept = TransformerOf(_version).DropEmptyClasses();
                _bank = new MemoryBank(kept.Model);
                _classes = new GrowingClasses(kept.Levels.Leaves);
                return ChangeOutcome.None;
        }
    }

    public override void EndGroup()
    {
        ClassTable classes = _classes.Settle();
        BankSnapshot memory = _bank.Snapshot();
        if (!ReferenceEquals(memory, _version.Memory) || !ReferenceEquals(classes, _version.Classes))
        {
            using IChannel channel = _start.Environment.Register(nameof(DurableMemory)).Start("Change");
            BankSnapshot indexed = MemoryIndexing.Apply(
                memory, _start.Options.Index, _start.Options.NeighborCount, channel);
            if (!ReferenceEquals(indexed, memory)) _bank = new MemoryBank(indexed);
            _version = new Version(indexed, classes, new Lazy<ITransformer>(() => ModelOf(indexed, classes)));
        }

        ForgetChecks();
    }

    public override void ForgetChecks()
    {
        BankSnapshot memory = _version.Memory;
        _ids.Reset(id => id < memory.NextId && memory.TryFind(id, out _), memory.NextId);
    }

    public override Func<ITransformer> Freeze()
    {
        Version version = _version;
        return () => version.Model.Value;
    }

    public override AddChange? ReadExamples(IDataView examples, string? labelColumnName) => Read(
        examples, _start.Options.Columns, labelColumnName ?? _start.Options.LabelColumnName, Classes, Dimension,
        _start.Environment);

    public override AdaptivePrediction Predict(ReadOnlySpan<float> features) => throw NotSupported("a visual memory");

    public override AdaptChange? ReadRows(IDataView rows) => throw NotSupported("a visual memory");

    private static VisualMemoryTransformer TransformerOf(Version version)
        => version.Model.Value.FindMemory<VisualMemoryTransformer>();

    private ITransformer ModelOf(BankSnapshot memory, ClassTable classes)
    {
        var changed = new VisualMemoryTransformer(_start.Environment, _start.Options, memory, classes, _start.HeldOut);
        return _model.WithMemory(changed);
    }

    private ChangeOutcome Add(AddChange add)
    {
        long first = _bank.Snapshot().NextId;
        _bank.AddRange(add.Features, _classes.ClassesOf(add.Labels), add.Weights, add.Ids);
        var ids = new long?[add.Count];
        for (int row = 0; row < ids.Length; row++) ids[row] = add.Ids?[row] ?? first + row;
        return new ChangeOutcome { Ids = ids };
    }

    /// <summary>Stores an entry again, under its id and with its weight, as feedback.</summary>
    private ChangeOutcome Correct(CorrectChange correct)
    {
        BankSnapshot memory = _bank.Snapshot();
        memory.TryFind(correct.Id, out int position);
        float weight = memory.WeightAt(position);
        float[] key = new float[Dimension];
        memory.CopyKey(position, key);
        _bank.Remove(correct.Id);
        _bank.AddRange(key, [_classes.ClassOf(correct.Label.Values[0])], [weight], [correct.Id], EntryOrigin.Feedback);
        return new ChangeOutcome { Ids = [correct.Id] };
    }

    /// <summary>What readers see between two groups.</summary>
    private sealed record Version(BankSnapshot Memory, ClassTable Classes, Lazy<ITransformer> Model);
}
