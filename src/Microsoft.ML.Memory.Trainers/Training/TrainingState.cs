// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>How far training has come, and the best that it came by.</summary>
internal sealed class TrainingState
{
    private readonly List<EpochReport> _epochs = [];

    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>Counted from 1; 0 before the first epoch is finished.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The tensors of the best epoch; before the first is finished those of <see cref="Start"/>, or null.
    /// </summary>
    public TensorSnapshot? Best { get; private set; }

    /// <summary>Takes tensors to return to where no epoch is finished.</summary>
    public void Start(IEnumerable<(string Name, Tensor Tensor)> tensors) => Best = TensorSnapshot.Of(tensors);

    /// <summary>Takes in a finished epoch; without rows held out the latest is the best.</summary>
    public void Add(EpochReport report, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        bool better = BestEpoch == 0 || IsBetter(report, _epochs[BestEpoch - 1]);
        _epochs.Add(report);
        if (!better) return;
        BestEpoch = report.Epoch;
        Best = TensorSnapshot.Of(tensors);
    }

    /// <summary>Takes over what a checkpoint holds.</summary>
    public void Set(IEnumerable<EpochReport> epochs, int bestEpoch, TensorSnapshot best)
    {
        _epochs.Clear();
        _epochs.AddRange(epochs);
        BestEpoch = bestEpoch;
        Best = best;
    }

    private static bool IsBetter(EpochReport one, EpochReport other) =>
        one.ValidationAccuracy is not { } accuracy || other.ValidationAccuracy is not { } best
        || accuracy > best || (accuracy == best && one.ValidationLoss < other.ValidationLoss);
}
