// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Keeps the memory of a model in a durable memory: a model file and a journal of all changes since.</summary>
internal sealed class DurableStore : IMemoryStore
{
    private readonly MLContext _mlContext;
    private readonly DurableMemory _memory;
    private volatile ServedModel _served;
    private volatile bool _isBroken;

    /// <param name="mlContext">Saves models.</param>
    /// <param name="memory">The memory; closed with the store.</param>
    /// <param name="deployed">The model as it was deployed.</param>
    public DurableStore(MLContext mlContext, DurableMemory memory, ServedModel deployed)
    {
        _mlContext = mlContext;
        _memory = memory;
        _served = deployed.With(memory.Model);
    }

    // Two threads may both make the newest: either is right.
    public ServedModel Current => _served = _served.With(_memory.Model);

    public ServedModel Shape => _served;

    public int? EntryCount => _memory.Count;

    public long Sequence => _memory.Sequence;

    public DurableStore? Changes => this;

    /// <summary>Whether a change could not be written, so that the memory has to be opened again.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Whether it adapts to what it predicts.</summary>
    public bool IsAdapting { get; private set; }

    /// <summary>Turns adaptation on or off.</summary>
    /// <exception cref="RequestProblem">The memory is not an adaptive one.</exception>
    public void Adapt(bool isOn)
    {
        if (Shape.Memory!.Adaptive is null)
            throw Conflict("The model must hold an adaptive memory to adapt. It does not.");
        IsAdapting = isOn;
    }

    /// <summary>Remembers examples, all of them or none.</summary>
    /// <returns>Their ids; null for one that a full memory refused.</returns>
    /// <exception cref="RequestProblem">An example does not fit the memory.</exception>
    public async Task<IReadOnlyList<long?>> AddAsync(IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        ServedModel model = Shape.Memory!.Adaptive is null ? Current : Shape; // which numbers its entries itself
        RequireFree(model, examples);
        if (examples.Count > 1)
        {
            IDataView view = ExampleView.Create(model, examples);
            return await ChangeAsync(() => _memory.AddAsync(view, cancellationToken: cancellation));
        }

        ExampleTag tag = examples[0].Tag;
        float[] features = ExampleView.Features(model, [examples[0].Row])[0];
        return [await ChangeAsync(() => _memory.AddAsync(features, tag.Label!, tag.Id, tag.Weight, cancellation))];
    }

    /// <summary>Forgets an entry.</summary>
    /// <exception cref="RequestProblem">It is not stored.</exception>
    public Task RemoveAsync(long id, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        await _memory.RemoveAsync([id], cancellation);
        return true;
    });

    /// <summary>Gives an entry another label.</summary>
    /// <returns>Its id from now on.</returns>
    /// <exception cref="RequestProblem">It is not stored, or the label does not fit the memory.</exception>
    public Task<long> RelabelAsync(long id, string label, CancellationToken cancellation)
        => Shape.Memory!.Compressed is null
            ? ChangeAsync(() => _memory.CorrectAsync(id, label, cancellation))
            : throw Conflict("The model must keep vectors to give entries other labels. It keeps codes.");

    /// <summary>Puts an entry back as it was stored.</summary>
    /// <exception cref="RequestProblem">Its id is taken, or it does not fit the memory.</exception>
    public Task RestoreAsync(long id, EntryBody entry, CancellationToken cancellation)
    {
        if (Shape.Memory!.Adaptive is not null)
            throw Conflict("The model must let entries have given ids to put one back. It numbers them itself.");
        if (Current.Memory!.Holds(id)) throw Taken(id);
        return ChangeAsync(() => _memory.AddAsync(entry.Features, entry.Label, id, entry.Weight, cancellation));
    }

    /// <summary>Remembers the true label of an earlier prediction.</summary>
    /// <returns>Id of the entry; null where a full memory refused it.</returns>
    /// <exception cref="RequestProblem">The label does not fit the memory.</exception>
    public async Task<long?> LearnAsync(LoggedPrediction prediction, string label, CancellationToken cancellation)
    {
        if (prediction.EntryId is { } id && Current.Memory!.Holds(id))
            return await ChangeAsync(() => _memory.CorrectAsync(id, label, cancellation));
        var example = new Example(prediction.Row, new ExampleTag { Label = label });
        return (await AddAsync([example], cancellation))[0];
    }

    /// <summary>Predicts rows with an adaptive memory, which remembers those that it is sure of.</summary>
    public async Task<Prediction[]> AdaptAsync(IReadOnlyList<Row> rows)
    {
        ServedModel model = Shape;
        IDataView view = model.Memory!.Before(new RowView(model.Input, rows));
        IReadOnlyList<AdaptivePrediction> predictions = await ChangeAsync(() => _memory.AdaptAsync(view));
        return [.. predictions.Select(each => Prediction.Of(each, model.ClassNames))];
    }

    /// <summary>Writes a new model file with all changes and empties the journal.</summary>
    /// <returns>Bytes of the file.</returns>
    public Task<long> CompactAsync(CancellationToken cancellation) => ChangeAsync(async () =>
    {
        await _memory.CompactAsync(cancellation);
        return new FileInfo(_memory.Path).Length;
    });

    public async ValueTask DisposeAsync()
    {
        await _memory.DisposeAsync();
        (_served.Pipeline as IDisposable)?.Dispose();
    }

    private static void RequireFree(ServedModel model, IReadOnlyList<Example> examples)
    {
        var ids = new HashSet<long>();
        foreach (long id in examples.Select(example => example.Tag.Id).OfType<long>())
        {
            if (!ids.Add(id)) throw Conflict($"Id {id} must be given once. Got it twice.");
            if (model.Memory!.Holds(id)) throw Taken(id);
        }
    }

    private static RequestProblem Taken(long id) => Conflict($"Id {id} must be free. It is taken.");

    private static RequestProblem Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);

    /// <summary>Makes a change and says what went wrong without details of the server.</summary>
    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (KeyNotFoundException)
        {
            throw new RequestProblem(StatusCodes.Status404NotFound, "The entry must be stored. It is not.");
        }
        catch (ArgumentException)
        {
            throw Conflict("The label and the id must fit the memory. They do not.");
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            _isBroken = true;
            throw RequestProblem.Overloaded("memory-failed", "The memory must be open. It is being opened again.");
        }
        catch (InvalidOperationException)
        {
            throw Conflict("The memory must have ids left for the change. It has none.");
        }
    }
}
