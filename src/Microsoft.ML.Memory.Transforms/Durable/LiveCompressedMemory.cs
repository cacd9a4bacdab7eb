// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>A compressed memory to which changes are made.</summary>
/// <remarks>Adding and removing copy the codes, so runs of either in a group are made at once.</remarks>
internal sealed class LiveCompressedMemory : LiveMemory
{
    private readonly ITransformer _model;
    private readonly CompressedMemoryTransformer _start;
    private readonly GrowingClasses _classes;
    private readonly HashSet<long> _stored;
    private readonly StoredIds _ids = new();
    private readonly List<float> _added = [];
    private readonly List<int> _addedLabels = [];
    private readonly List<long> _addedIds = [];
    private readonly List<long> _removed = [];
    private long _nextId;
    private CompressedBank _bank;
    private volatile Version _version;

    /// <param name="model">The model, or the memory itself.</param>
    /// <param name="start">The memory inside it.</param>
    public LiveCompressedMemory(ITransformer model, CompressedMemoryTransformer start)
    {
        RequireCounter(start.Model.NextId);
        _model = model;
        _start = start;
        _bank = start.Model;
        _nextId = _bank.NextId;
        _classes = new GrowingClasses(start.Classes);
        _stored = [.. start.Model.Ids];
        _version = new Version(_bank, start.Classes, new Lazy<ITransformer>(model));
        ForgetChecks();
    }

    public override ITransformer Model => _version.Model.Value;

    public override int Count => _version.Memory.Count;

    public override int Dimension => _start.Dimension;

    public override ClassTable Classes => _version.Classes;

    public override bool IsAlone(MemoryChange change) => false;

    public override void Check(MemoryChange change)
    {
        switch (change)
        {
            case AddChange add:
                CheckShape(add);
                if (add.Weights is not null)
                {
                    throw new ArgumentException(
                        "weights must be left out for a compressed memory, whose entries weigh alike. Got some.");
                }

                if (add.Ids is { } ids) _ids.Take(ids);
                else _ids.Take(add.Count);
                break;
            case RemoveChange { WithDescendants: false } remove:
                _ids.Release(remove.Ids);
                break;
            case CorrectChange:
                throw new InvalidOperationException(
                    "DurableMemory.Correct must have a memory that keeps vectors. Got a compressed memory. "
                    + "Remove the entry and add it again.");
            default:
                throw NotSupported("a compressed memory");
        }
    }

    public override ChangeOutcome Apply(MemoryChange change)
    {
        if (change is RemoveChange remove)
        {
            AddWaiting();
            _removed.AddRange(remove.Ids);
            return new ChangeOutcome { Ids = Array.ConvertAll(remove.Ids, id => (long?)id) };
        }

        RemoveWaiting();
        var add = (AddChange)change;
        long[] ids = add.Ids ?? [.. Enumerable.Range(0, add.Count).Select(row => _nextId + row)];
        _nextId = Math.Max(_nextId, ids.Max() + 1);
        _added.AddRange(add.Features);
        _addedLabels.AddRange(_classes.ClassesOf(add.Labels));
        _addedIds.AddRange(ids);
        return new ChangeOutcome { Ids = Array.ConvertAll(ids, id => (long?)id) };
    }

    public override void ForgetChecks() => _ids.Reset(_stored.Contains, _version.Memory.NextId);

    public override void EndGroup()
    {
        AddWaiting();
        RemoveWaiting();
        CompressedBank bank = _bank;
        ClassTable classes = _classes.Settle();
        _version = new Version(bank, classes, new Lazy<ITransformer>(() => _model.WithMemory(
            new CompressedMemoryTransformer(_start.Environment, _start.Options, bank, classes, _start.Correction))));
        ForgetChecks();
    }

    public override Func<ITransformer> Freeze()
    {
        Version version = _version;
        return () => version.Model.Value;
    }

    public override AddChange? ReadExamples(IDataView examples, string? labelColumnName) => Read(
        examples, _start.Options.Columns, labelColumnName ?? _start.Options.LabelColumnName, Classes, Dimension,
        _start.Environment);

    public override AdaptivePrediction Predict(ReadOnlySpan<float> features)
        => throw NotSupported("a compressed memory");

    public override AdaptChange? ReadRows(IDataView rows) => throw NotSupported("a compressed memory");

    private void AddWaiting()
    {
        if (_addedIds.Count == 0) return;
        _bank = _bank.Add([.. _added], [.. _addedLabels], _classes.Settle().Count, [.. _addedIds]);
        _stored.UnionWith(_addedIds);
        _added.Clear();
        _addedLabels.Clear();
        _addedIds.Clear();
    }

    private void RemoveWaiting()
    {
        if (_removed.Count == 0) return;
        _bank = _bank.Remove([.. _removed]);
        _stored.ExceptWith(_removed);
        _removed.Clear();
    }

    /// <summary>What readers see between two groups.</summary>
    private sealed record Version(CompressedBank Memory, ClassTable Classes, Lazy<ITransformer> Model);
}
