// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a training came to: epochs, numbers of parameters, and why it ended.</summary>
public sealed record FineTuneReport
{
    /// <summary>Every epoch that was finished, in order.</summary>
    public IReadOnlyList<EpochReport> Epochs { get; init; } = [];

    /// <summary>The epoch, counted from 1, whose tensors were kept.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Number of trained parameters, the head included.</summary>
    public long TrainedParameters { get; init; }

    /// <summary>Number of features that the head reads where it was to keep some of them; null where it reads
    /// all.</summary>
    public int? KeptFeatures { get; init; }

    /// <summary>Number of the backbone's parameters.</summary>
    public long BackboneParameters { get; init; }

    /// <summary>Bytes of activations that a step keeps until backward, by the formula; the batch is a full
    /// one.</summary>
    public double ActivationBytes { get; init; }

    /// <summary>The same as a share of what full fine-tuning keeps with everything saved, by the formula.</summary>
    public double ActivationShare { get; init; }

    /// <summary>Bytes of activations that the first step of this run kept until backward, counted tensor by tensor;
    /// null where autograd alone kept them, so that nobody could count. See
    /// <see cref="FineTuneOptions.SavedActivations"/>.</summary>
    public long? LedgerBytes { get; init; }

    /// <summary>Bytes by which the resident memory of the process grew while the first step of this run went forward:
    /// what was kept, and all else that a first step takes. Less where memory was reused. Null on a GPU, and where no
    /// step was run.</summary>
    public long? MeasuredBytes { get; init; }

    /// <summary>Why training ended before its last epoch; null where it did not.</summary>
    public string? Stopped { get; init; }
}
