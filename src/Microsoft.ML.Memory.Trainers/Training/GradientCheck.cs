// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Finds out in the first steps whether something that is to be trained never gets a gradient.</summary>
/// <remarks>Biases of keys are let off: a softmax does not feel a shift of all its scores.</remarks>
internal sealed class GradientCheck
{
    private const int MostNamed = 10;
    private readonly List<TrainedTensor> _waiting;
    private readonly int _count;
    private readonly int _stepCount;
    private int _seen;

    /// <param name="model">The model that is trained.</param>
    /// <param name="stepCount">
    /// Steps after which every tensor must have had a gradient: as many as the longest chain of factors of which all
    /// but one start at 0.
    /// </param>
    public GradientCheck(TunedModel model, int stepCount = 2)
    {
        _stepCount = stepCount;
        HashSet<string> exempt = [.. model.Trunk.Blocks.Select(b => b.Key.Name + ".bias")];
        _waiting = [.. model.Trained.Where(t => t.Tensor.numel() > 0 && !exempt.Contains(t.Name))];
        _count = _waiting.Count;
    }

    /// <summary>Looks at the gradients of one step; to be called after backward and before they are cleared.</summary>
    /// <exception cref="InvalidOperationException">The steps are over and a tensor has had none but 0.</exception>
    public void Observe()
    {
        if (_seen >= _stepCount) return;
        using var scope = NewDisposeScope();
        _seen++;
        _waiting.RemoveAll(t => t.Tensor.grad is { } gradient && gradient.abs().max().item<float>() != 0);
        if (_seen < _stepCount || _waiting.Count == 0) return;

        string names = string.Join(", ", _waiting.Take(MostNamed).Select(t => $"'{t.Name}'"));
        string rest = _waiting.Count > MostNamed ? $" and {_waiting.Count - MostNamed} more" : "";
        throw new InvalidOperationException(
            $"Every trained tensor must get a gradient within the first {_stepCount} steps. Got none that reaches "
            + $"{_waiting.Count} of {_count}: {names}{rest}. Let no more than one factor of a product start at 0.");
    }
}
