// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A frozen backbone, what a method trains on it, and a linear head on the method's feature.</summary>
/// <remarks>Owns the trained tensors, not the backbone. Scoring, merging and unmerging are thread-safe.</remarks>
internal sealed class TunedModel : IDisposable
{
    private const double HeadDeviation = 0.01;
    private readonly ReaderWriterLockSlim _gate = new(); // weights may not go while a pass reads them
    private readonly Trunk _unmerged;
    private MergedTerms? _merged;
    private volatile bool _isDisposed;

    public TunedModel(Backbone backbone, Tuning tuning, int classCount, SeededRandom random,
        TrunkPrecision precision = TrunkPrecision.Single)
    {
        Backbone = backbone;
        Tuning = tuning;
        _unmerged = backbone.With(tuning.Replaced, precision);
        using var scope = NewDisposeScope();
        Device device = backbone.Device;
        long[] shape = [classCount, tuning.FeatureSize];
        Tensor weight = TensorInit.Normal(random, shape, HeadDeviation, device).DetachFromDisposeScope();
        Tensor bias = zeros([classCount], float32, device).DetachFromDisposeScope();
        Head = new LinearLayer("head", weight.requires_grad_(), bias.requires_grad_());
        Tensors =
        [
            .. tuning.Tensors,
            new TrainedTensor("head.weight", weight, true),
            new TrainedTensor("head.bias", bias, false),
        ];
    }

    /// <summary>Puts adapters on a backbone; they and their head stay their owner's, and nothing is trained.</summary>
    public TunedModel(
        Backbone backbone, LoraStack adapters, TrunkPrecision precision = TrunkPrecision.Single)
    {
        Backbone = backbone;
        Tuning = adapters;
        Head = adapters.Head;
        Tensors = [];
        bool isPlain = adapters.Replaced.Count == 0 && precision == TrunkPrecision.Single;
        _unmerged = isPlain ? backbone.Trunk : backbone.With(adapters.Replaced, precision);
    }

    public Backbone Backbone { get; }

    public Tuning Tuning { get; }

    /// <summary>The network as it is now: the backbone's with what the method replaced, or with merged terms.</summary>
    public Trunk Trunk => _merged?.Trunk ?? _unmerged;

    public LinearLayer Head { get; }

    /// <summary>All that is saved, the head last; empty where all of it is someone else's.</summary>
    public IReadOnlyList<TrainedTensor> Tensors { get; }

    /// <summary>Those of them that a step changes.</summary>
    public IEnumerable<TrainedTensor> Trained => Tensors.Where(t => t.Tensor.requires_grad);

    public long TrainedCount => Trained.Sum(t => t.Tensor.numel());

    public bool IsMerged => Volatile.Read(ref _merged) is not null;

    /// <summary>The same model on a backbone of the same weights, without what is there for training alone.</summary>
    /// <returns>A model of copies, which the caller disposes of.</returns>
    public TunedModel On(Backbone backbone, FineTuneOptions fitted)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var random = new SeededRandom(fitted.Seed);
        int classCount = (int)Head.Weight.size(0);
        Tuning tuning = fitted.Create(backbone, random);
        var model = new TunedModel(backbone, tuning, classCount, random, fitted.TrunkPrecision);
        Tuning.CopyTo(tuning);
        Tensor weight = Tuning.Selection is { } chosen ? Head.Weight.index_select(1, chosen.Kept()) : Head.Weight;
        model.Head.Weight.copy_(weight);
        model.Head.Bias!.copy_(Head.Bias!);
        return model;
    }

    /// <summary>What the head reads, [B, F].</summary>
    public Tensor Feature(BackboneBatch batch, ForwardPass pass) =>
        Reading(() => (_merged ?? Tuning).Feature(Trunk, batch, pass));

    /// <summary>What the head reads, [B, F], and the probabilities of the classes, [B, C].</summary>
    public (Tensor Feature, Tensor Probabilities) Score(BackboneBatch batch) => Reading(() =>
    {
        using var scope = NewDisposeScope();
        Tensor feature = (_merged ?? Tuning).Feature(Trunk, batch, ForwardPass.Plain);
        Tensor probabilities = Head.Apply(feature).softmax(1);
        return (feature.MoveToOuterDisposeScope(), probabilities.MoveToOuterDisposeScope());
    });

    /// <summary>Scores of the classes, [B, C], before softmax.</summary>
    public Tensor Logits(BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return Head.Apply(Feature(batch, pass)).MoveToOuterDisposeScope();
    }

    /// <summary>Scores with low-rank terms added to copies of the weights, as the backbone alone costs.</summary>
    /// <exception cref="InvalidOperationException">There are none, or they are merged already.</exception>
    public void Merge()
    {
        if (Tuning is not LowRankTuning low)
        {
            throw new InvalidOperationException(
                $"FineTunedModel.Merge must follow LoRA. Got {Tuning.Name}, which has no terms to merge.");
        }

        Changing(() =>
        {
            RequireAlive();
            if (_merged is not null)
            {
                throw new InvalidOperationException(
                    "FineTunedModel.Merge must not be called twice. Got merged terms. Call Unmerge first.");
            }

            _merged = new MergedTerms(Backbone, low, _unmerged.Precision);
        });
    }

    /// <summary>Goes back to the very weights there were before.</summary>
    /// <exception cref="InvalidOperationException">Nothing is merged.</exception>
    public void Unmerge() => Changing(() =>
    {
        RequireAlive();
        if (_merged is null)
        {
            throw new InvalidOperationException(
                "FineTunedModel.Unmerge must follow Merge. Got terms that are not merged.");
        }

        _merged.Dispose();
        _merged = null;
    });

    /// <exception cref="ObjectDisposedException">The weights were freed.</exception>
    public void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(FineTunedModel));

    /// <summary>Frees what it owns, once the passes that are under way are through.</summary>
    public void Dispose() => Changing(() =>
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _merged?.Dispose();
        Tuning.Dispose();
        if (Tensors.Count == 0) return;
        Head.Weight.Dispose();
        Head.Bias?.Dispose();
    });

    private T Reading<T>(Func<T> read)
    {
        _gate.EnterReadLock();
        try
        {
            RequireAlive();
            return read();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private void Changing(Action change)
    {
        _gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
