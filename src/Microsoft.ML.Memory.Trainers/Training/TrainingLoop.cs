// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Trains a model epoch by epoch, keeps the best one, and can be stopped and gone on with.</summary>
/// <remarks>All that is random in an epoch follows from the seed and the epoch's number, so an epoch does not depend on
/// whether the ones before it ran in this process.</remarks>
internal sealed class TrainingLoop
{
    // The longest chain of factors that start at 0 is that of S2A's side branch.
    private const int StepsToReachAll = 4;
    private readonly TunedModel _model;
    private readonly ExampleSource _examples;
    private readonly BackboneInput _input;
    private readonly FineTuneOptions _options;
    private readonly TrainingPhase _phase;
    private readonly TrainingLog _log;
    private readonly AdamW _optimizer;
    private readonly LearningSchedule _schedule;
    private readonly long _stepsAnEpoch;
    private readonly GradientCheck _check;
    private readonly FeatureCache? _cache;
    private readonly TrainingState _state = new();
    private readonly KeptActivations _kept = new();

    public TrainingLoop(TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options,
        TrainingPhase phase, AdamW optimizer, FeatureCache? cache, TrainingLog log)
    {
        _model = model;
        _examples = examples;
        _input = input;
        _options = options;
        _phase = phase;
        _log = log;
        _optimizer = optimizer;
        _cache = cache;
        _check = new GradientCheck(model, StepsToReachAll);
        _stepsAnEpoch = (examples.TrainCount + options.BatchSize - 1) / options.BatchSize;
        double rate = options.LearningRate ?? options.DefaultLearningRate;
        _schedule = new LearningSchedule(rate, options.WarmUp, options.EpochCount * _stepsAnEpoch);
    }

    private string? CheckpointPath => _options.CheckpointPath is { } path ? path + _phase.Suffix : null;

    /// <summary>Trains; the model then has the tensors of the best epoch.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled; a checkpoint holds the last finished
    /// epoch.</exception>
    /// <exception cref="InvalidOperationException">The loss is not finite in the first epoch of all.</exception>
    public FineTuneReport Run()
    {
        if (_phase.EpochsBefore > 0) _state.Start(Trained()); // what the phases before have learnt is a model already
        TrainingCheckpoint? checkpoint = CheckpointPath is { } path
            ? new TrainingCheckpoint(path, _model, _optimizer, _options, _examples, _phase.Fingerprint)
            : null;
        if (checkpoint?.TryLoad(_state) ?? false)
            _log.Resumed(CheckpointPath!, _phase.EpochsBefore + _state.Epochs.Count);

        string? stopped = null;
        while (stopped is null && _state.Epochs.Count < _options.EpochCount)
        {
            if (IsOutOfPatience())
            {
                stopped = $"no better epoch in {_options.Patience}";
                break;
            }

            stopped = RunEpoch();
            if (stopped is null) Save(checkpoint);
        }

        if (stopped is not null) _log.Stopped(stopped);
        _state.Best!.Restore(Trained());
        MemoryShape shape = MemoryShape.Of(_model.Backbone.Config, _input.TokenCount);
        MemoryMethod kept = MemoryMethod.Of(_options, _model.Backbone.Config);
        return new FineTuneReport
        {
            ActivationBytes = MemoryModel.Expected(shape, kept) * sizeof(float)
                * Math.Min(_options.BatchSize, _examples.TrainCount),
            ActivationShare = MemoryModel.Ratio(shape, kept),
            LedgerBytes = _kept.LedgerBytes,
            MeasuredBytes = _model.Backbone.Device.type == TorchSharp.DeviceType.CPU ? _kept.MeasuredBytes : null,
            Epochs = [.. _state.Epochs.Select(Numbered)],
            BestEpoch = _phase.EpochsBefore + _state.BestEpoch,
            TrainedParameters = _model.TrainedCount,
            BackboneParameters = _model.Backbone.ParameterCount,
            Stopped = stopped,
        };
    }

    // A full disk must not cost what was learnt: training goes on, and every epoch says that it cannot be resumed.
    private void Save(TrainingCheckpoint? checkpoint)
    {
        try
        {
            checkpoint?.Save(_state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.NotSaved(CheckpointPath!, e.Message);
        }
    }

    /// <returns>Why training must stop, or null.</returns>
    private string? RunEpoch()
    {
        int epoch = _phase.EpochsBefore + _state.Epochs.Count + 1;
        var clock = Stopwatch.StartNew();
        double sum = 0;
        long rows = 0, batchNumber = 0;
        using var dropout = new Generator((ulong)Mixed(epoch, 1));
        foreach (ExampleBatch batch in _examples.Batches(false, _options.BatchSize, new SeededRandom(Mixed(epoch, 0))))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            batchNumber++;
            double loss = RunStep(batch, dropout);
            if (!double.IsFinite(loss)) return NotFinite(loss, epoch, batchNumber);
            sum += loss * batch.Count;
            rows += batch.Count;
        }

        double seconds = clock.Elapsed.TotalSeconds;
        // The last step of an epoch may ruin what no loss of the epoch has seen: without rows held out, try one batch.
        bool holdsOut = _examples.HeldOutCount > 0;
        IEnumerable<ExampleBatch> unseen = _examples.Batches(holdsOut, _options.BatchSize, null);
        (double Loss, double Accuracy) seen = Evaluate(holdsOut ? unseen : unseen.Take(1));
        if (!double.IsFinite(seen.Loss)) return NotFinite(seen.Loss, epoch, batchNumber);

        (double Loss, double Accuracy)? held = holdsOut ? seen : null;
        var report = new EpochReport(_state.Epochs.Count + 1, sum / rows, held?.Loss, held?.Accuracy, seconds);
        _state.Add(report, Trained());
        _log.Epoch(Numbered(report), _phase.EpochsBefore + _options.EpochCount, rows);
        return null;
    }

    private EpochReport Numbered(EpochReport report) => report with { Epoch = _phase.EpochsBefore + report.Epoch };

    private double RunStep(ExampleBatch examples, Generator dropout)
    {
        using var scope = NewDisposeScope();
        Device device = _model.Backbone.Device;
        BackboneBatch batch = Batch(examples);
        Tensor labels = TensorData.From(examples.Labels, [examples.Count], device);
        _optimizer.ClearGradients();
        _phase.Step.Watch = _kept.MeasuredBytes is null ? _kept : null;
        double loss = Loss(batch, labels, _phase.Drops ? dropout : null);
        CheckGradients();
        if (double.IsFinite(loss)) _optimizer.Step(_schedule.Rate(_optimizer.StepCount));
        return loss;
    }

    private BackboneBatch Batch(ExampleBatch examples) => _cache is null
        ? _input.ToBatch(examples.Rows, examples.Count, _model.Backbone.Device)
        : TapCache.Read(_cache, examples, _input, _model.Backbone.Device);

    private void CheckGradients()
    {
        try
        {
            _check.Observe();
        }
        catch (InvalidOperationException e)
        {
            _log.Unreached(e.Message);
        }
    }

    private double Loss(BackboneBatch batch, Tensor labels, Generator? dropout)
    {
        try
        {
            return _phase.Step.Run(_model, batch, labels, dropout).item<float>();
        }
        catch (ExternalException e) when (IsOutOfMemory(e.Message))
        {
            throw new InvalidOperationException($"FineTuneOptions.BatchSize must fit into memory. Got {batch.Count} "
                + "rows for which there was none left. Lower it, or choose a method that keeps less.", e);
        }
    }

    private static bool IsOutOfMemory(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase);

    private (double Loss, double Accuracy) Evaluate(IEnumerable<ExampleBatch> batches)
    {
        using IDisposable frozen = no_grad();
        double loss = 0;
        long right = 0, rows = 0;
        foreach (ExampleBatch examples in batches)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Device device = _model.Backbone.Device;
            Tensor logits = _model.Logits(Batch(examples), ForwardPass.Plain);
            Tensor labels = TensorData.From(examples.Labels, [examples.Count], device);
            loss += nn.functional.cross_entropy(logits, labels).item<float>() * examples.Count;
            right += logits.argmax(1).eq(labels).sum().item<long>();
            rows += examples.Count;
        }

        return (loss / rows, (double)right / rows);
    }

    private string NotFinite(double loss, int epoch, long batch)
    {
        long step = ((epoch - 1) * _stepsAnEpoch) + batch; // of all phases, as the epoch is
        // Before the first step of all nothing is trained yet, so what goes in is too large.
        string remedy = _optimizer.StepCount + _phase.EpochsBefore > 0
            ? "Lower LearningRate."
            : "No step was taken before: give numbers as large as those that the backbone was pretrained on.";
        string got = $"{Check.Shown(loss)} in step {step}, batch {batch} of epoch {epoch}";
        string what = $"The loss must be finite. Got {got}. {remedy}";
        return _state.Best is not null ? what : throw new InvalidOperationException(what);
    }

    private bool IsOutOfPatience() =>
        _options.Patience is { } patience && _state.Epochs.Count - _state.BestEpoch >= patience;

    private IEnumerable<(string Name, Tensor Tensor)> Trained() => _model.Tensors.Select(t => (t.Name, t.Tensor));

    private long Mixed(int epoch, int purpose) => unchecked((_options.Seed * 1_000_003) + (epoch * 2L) + purpose);
}
