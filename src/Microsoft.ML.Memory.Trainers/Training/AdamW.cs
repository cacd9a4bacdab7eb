// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>
/// <para>p ← p (1 - lr·decay) for decayed tensors; m ← β1 m + (1-β1) g; v ← β2 v + (1-β2) g²;
/// p ← p - lr (m / (1-β1ᵗ)) / (sqrt(v / (1-β2ᵗ)) + ε). A tensor that never had a gradient
/// stays as it is.</para>
/// <para>The tensors become views of one buffer, their gradients and moments of three more, so that a step takes as
/// many calls of the library for a hundred small tensors as for one. When it is disposed of they stay views and have
/// no gradients; until then no other may have them. Views of them that were made before show what they were
/// then.</para>
/// <para>Written here and not taken from a library because a run that was stopped must go on with the same moments,
/// and the library's optimizers cannot be asked for theirs by the name of a tensor.</para>
/// <para>Source: Loshchilov and Hutter, 2019, arXiv 1711.05101.</para>
/// </remarks>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly double _decay;
    private readonly FlatTensors _flat;

    /// <param name="tensors">Of single precision, on one device.</param>
    /// <param name="decay">Weight decay, at least 0.</param>
    public AdamW(IEnumerable<TrainedTensor> tensors, double decay)
    {
        _decay = decay;
        _flat = new FlatTensors(tensors);
    }

    /// <summary>Number of steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>The moments of every tensor, under the tensor's name and "first" or "second".</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _flat.Moments;

    /// <summary>Sets all gradients to 0.</summary>
    public void ClearGradients()
    {
        using IDisposable frozen = no_grad();
        _flat.TakeGradients();
        using var scope = NewDisposeScope();
        _flat.Gradient.zero_();
    }

    /// <summary>Moves every tensor against its gradient.</summary>
    public void Step(double learningRate)
    {
        using IDisposable frozen = no_grad();
        _flat.TakeGradients();
        StepCount++;
        double correction1 = 1 - Math.Pow(Beta1, StepCount), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, StepCount));
        foreach (FlatPart part in _flat.Parts)
        {
            using var scope = NewDisposeScope();
            if (part.Decayed && _decay > 0) part.Value.mul_(1 - (learningRate * _decay));
            part.First.mul_(Beta1).add_(part.Gradient, 1 - Beta1);
            part.Second.mul_(Beta2).addcmul_(part.Gradient, part.Gradient, 1 - Beta2);
            Tensor scale = part.Second.sqrt().div_(correction2).add_(Epsilon);
            part.Value.addcdiv_(part.First, scale, -learningRate / correction1);
        }
    }

    public void Dispose() => _flat.Dispose();
}
