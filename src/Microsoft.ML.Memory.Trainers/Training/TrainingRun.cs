// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A whole training: first values, features that are kept on disk, and its phases.</summary>
internal static class TrainingRun
{
    /// <summary>What is put behind the path of a checkpoint for that of the second phase.</summary>
    public const string SecondSuffix = ".selected";

    /// <summary>Trains; the model then has the tensors of the best epoch.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled; a checkpoint holds the last finished
    /// epoch.</exception>
    /// <exception cref="InvalidOperationException">The loss is not finite in the first epoch of all.</exception>
    public static FineTuneReport Run(TunedModel model, ExampleSource examples, BackboneInput input,
        FineTuneOptions options, TrainingLog log)
    {
        // A checkpoint has values for all tensors, or is refused.
        if (!File.Exists(options.CheckpointPath)) LearnFirstValues(model, examples, input, options);
        using FeatureCache? cache = options.CacheFeatures ? TapCache.Fill(model, examples, input, options, log) : null;
        if (model.Tuning.Selection is not { } selection)
        {
            GradientStep step = model.Tuning is TrunkTuning
                ? GradientStep.For(options.SavedActivations, options.ActivationBits)
                : GradientStep.Plain;
            return Phase(new TrainingPhase { Step = step });
        }

        FineTuneReport first = Phase(new TrainingPhase
        {
            Step = new GradientStep { ColumnPenalty = options.SelectionPenalty },
        });
        selection.Choose(model.Head.Weight);
        foreach (TrainedTensor trained in model.Tuning.Tensors) trained.Tensor.requires_grad = false;
        log.Selected(selection);
        FineTuneReport second = Phase(new TrainingPhase
        {
            Step = GradientStep.Plain,
            EpochsBefore = first.Epochs.Count,
            Suffix = SecondSuffix,
            Fingerprint = "|" + selection.Checksum,
            Drops = false,
        });
        return Joined(first, second, selection, model.Head.Weight.size(0));

        FineTuneReport Phase(TrainingPhase phase)
        {
            using var optimizer = new AdamW(model.Trained, options.WeightDecay);
            return new TrainingLoop(model, examples, input, options, phase, optimizer, cache, log).Run();
        }
    }

    private static FineTuneReport Joined(
        FineTuneReport first, FineTuneReport second, FeatureSelection selection, long classCount) => first with
        {
            Epochs = [.. first.Epochs, .. second.Epochs],
            BestEpoch = second.Epochs.Count > 0 ? second.BestEpoch : first.BestEpoch,
            TrainedParameters = first.TrainedParameters - (classCount * (selection.FullCount - selection.Count)),
            KeptFeatures = (int)selection.Count,
            Stopped = second.Stopped ?? first.Stopped,
        };

    private static void LearnFirstValues(
        TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options)
    {
        if (model.Tuning is not ILearnsFirstValues { FirstValueExamples: > 0 } learner) return;
        int classCount = (int)model.Head.Weight.size(0);
        learner.LearnFirstValues(model.Backbone, classCount, First(learner.FirstValueExamples));

        IEnumerable<(BackboneBatch Batch, Tensor Labels)> First(long count)
        {
            Device device = model.Backbone.Device;
            // From all of the rows, which may be sorted by their classes.
            var order = new SeededRandom(options.Seed);
            foreach (ExampleBatch batch in examples.Batches(false, options.BatchSize, order))
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                int taken = (int)Math.Min(count, batch.Count);
                Tensor labels = TensorData.From(batch.Labels[..taken], [taken], device);
                yield return (input.ToBatch(batch.Rows[..(taken * input.RowLength)], taken, device), labels);
                if ((count -= taken) == 0) yield break;
            }
        }
    }
}
