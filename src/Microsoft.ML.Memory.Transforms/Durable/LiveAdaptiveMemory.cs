// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>An adaptive memory to which changes are made, by a session.</summary>
internal sealed class LiveAdaptiveMemory : LiveMemory
{
    private readonly MLContext _mlContext;
    private readonly ITransformer _model;
    private readonly AdaNpcTransformer _start;
    private readonly AdaNpcSession _session;
    private readonly Lock _making = new();
    private long _version;
    private Made _made;

    /// <param name="mlContext">Makes views of rows.</param>
    /// <param name="model">The model, or the memory itself.</param>
    /// <param name="start">The memory inside it.</param>
    public LiveAdaptiveMemory(MLContext mlContext, ITransformer model, AdaNpcTransformer start)
    {
        RequireCounter(start.Model.NextId);
        _mlContext = mlContext;
        _model = model;
        _start = start;
        _session = start.CreateAdaptiveSession();
        _made = new Made(0, model);
    }

    public override ITransformer Model
    {
        get
        {
            lock (_making)
            {
                long version = Volatile.Read(ref _version);
                if (_made.Version != version) _made = new Made(version, Freeze()());
                return _made.Model;
            }
        }
    }

    public override int Count => _session.Count;

    public override int Dimension => _start.Dimension;

    public override ClassTable Classes => _start.Classes;

    /// <summary>A row may push another out: only when it has entered is known which ids are stored.</summary>
    public override bool IsAlone(MemoryChange change) => change is RemoveChange or CorrectChange;

    public override void Check(MemoryChange change)
    {
        switch (change)
        {
            case AddChange add:
                CheckShape(add);
                if (add.Ids is not null || add.Weights is not null)
                {
                    throw new ArgumentException(
                        "ids and weights must be left out for an adaptive memory, which numbers its entries itself. "
                        + "Got some.");
                }

                foreach (object value in add.Labels.Values) NameOf(value);
                break;
            case AdaptChange adapt when adapt.Features.Length % Dimension != 0:
                throw new ArgumentException(
                    $"features must be [n, {Dimension}] to match the memory. Got {adapt.Features.Length} values.");
            case AdaptChange:
                break;
            case RemoveChange remove:
                BankSnapshot memory = _session.Memory();
                var stored = new StoredIds();
                stored.Reset(id => memory.TryFind(id, out _), memory.NextId);
                stored.Release(remove.Ids);
                break;
            case CorrectChange correct:
                CheckCorrect(correct);
                break;
            default:
                throw new InvalidOperationException(
                    "DurableMemory.DropEmptyClasses must have a visual memory. Got an adaptive memory, "
                    + "whose classes are fixed.");
        }
    }

    public override ChangeOutcome Apply(MemoryChange change) => change switch
    {
        AddChange add => new ChangeOutcome { Ids = [.. Enumerable.Range(0, add.Count).Select(row => Learn(add, row))] },
        AdaptChange adapt => new ChangeOutcome { Predictions = Adapt(adapt.Features) },
        RemoveChange { WithDescendants: true } remove => new ChangeOutcome
        {
            Ids = [.. _session.RemoveWithDescendants(remove.Ids).Select(id => (long?)id)],
        },
        RemoveChange remove => Remove(remove.Ids),
        CorrectChange correct => new ChangeOutcome
        {
            Ids = [_session.Correct(correct.Id, NameOf(correct.Label.Values[0]))],
        },
        _ => throw new InvalidOperationException($"The change must be known. Got {change.GetType().Name}."),
    };

    public override void ForgetChecks()
    {
        // Each check looks at what is stored: a change that others could disturb is alone in its group.
    }

    public override void EndGroup() => Interlocked.Increment(ref _version);

    public override Func<ITransformer> Freeze()
    {
        AdaptiveState state = _session.Snapshot();
        AdaNpcOptions options = _start.Options with { Capacity = _session.Capacity }; // else it would grow each time
        return () => _model.WithMemory(new AdaNpcTransformer(_start.Environment, options, state, _start.Classes));
    }

    public override AddChange? ReadExamples(IDataView examples, string? labelColumnName) => Read(
        examples, new ImportColumnNames(_start.FeatureColumnName, Encoder: _start.EncoderFingerprint),
        labelColumnName ?? _start.Options.LabelColumnName, Classes, Dimension, _start.Environment);

    public override AdaptivePrediction Predict(ReadOnlySpan<float> features) => _session.Predict(features);

    public override AdaptChange? ReadRows(IDataView rows)
    {
        float[] features = FeatureRows.ReadAsGiven(
            rows, _start.FeatureColumnName, Dimension, _start.EncoderFingerprint);
        return features.Length == 0 ? null : new AdaptChange(features);
    }

    private void CheckCorrect(CorrectChange correct)
    {
        CheckLabels(correct.Label);
        NameOf(correct.Label.Values[0]);
        BankSnapshot memory = _session.Memory();
        if (!memory.TryFind(correct.Id, out int position))
            throw new KeyNotFoundException($"ids must be stored. Got {correct.Id}, which is not.");
        if (memory.EntryAt(position).Origin == EntryOrigin.Source)
            throw new ArgumentException($"id must not be that of a source entry. Got {correct.Id}.");
    }

    /// <summary>Gives the name of a label's class.</summary>
    /// <exception cref="ArgumentException">It has none: the classes of an adaptive memory are fixed.</exception>
    private string NameOf(object value)
    {
        bool isKnown = Classes.ValueType is null
            ? (uint)(int)value < (uint)Classes.Count
            : Classes.TryFind(value, out _);
        string name = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return isKnown
            ? name
            : throw new ArgumentException(
                $"label must be a class of the model. Got '{name}'. Train a model with that class.");
    }

    private long? Learn(AddChange add, int row)
    {
        ReadOnlySpan<float> features = add.Features.AsSpan(row * Dimension, Dimension);
        if (!_session.Learn(features, NameOf(add.Labels.Values[add.Labels.Rows[row]]))) return null;
        BankSnapshot memory = _session.Memory();
        return memory.EntryAt(memory.PositionCount - 1).Id; // what has just entered is the last
    }

    private ChangeOutcome Remove(long[] ids)
    {
        _session.Remove(ids);
        return new ChangeOutcome { Ids = Array.ConvertAll(ids, id => (long?)id) };
    }

    private IReadOnlyList<AdaptivePrediction> Adapt(float[] features)
    {
        if (features.Length == Dimension) return [_session.Adapt(features)];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        schema[nameof(Row.Features)].ColumnName = _start.FeatureColumnName;
        return _session.Adapt(_mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, features.Length / Dimension)
                .Select(row => new Row { Features = features[(row * Dimension)..((row + 1) * Dimension)] }),
            schema));
    }

    /// <summary>The model as it was when someone asked for it.</summary>
    private sealed record Made(long Version, ITransformer Model);

    /// <summary>One row of features.</summary>
    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
