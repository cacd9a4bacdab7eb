// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>
/// <para>p ← p (1 - lr·decay) for decayed tensors; m ← β1 m + (1-β1) g; v ← β2 v + (1-β2) g²;
/// p ← p - lr (m / (1-β1ᵗ)) / (sqrt(v / (1-β2ᵗ)) + ε). A tensor without a gradient stays as it is.</para>
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
    private readonly List<Moments> _moments = [];

    public AdamW(IEnumerable<TrainedTensor> tensors, double decay)
    {
        _decay = decay;
        using var scope = NewDisposeScope();
        foreach (TrainedTensor trained in tensors)
        {
            Tensor first = zeros_like(trained.Tensor).DetachFromDisposeScope();
            Tensor second = zeros_like(trained.Tensor).DetachFromDisposeScope();
            _moments.Add(new Moments(trained, first, second));
        }
    }

    /// <summary>Number of steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>The moments of every tensor, under the tensor's name and "first" or "second".</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _moments.SelectMany(m => new[]
    {
        (m.Trained.Name + ".first", m.First), (m.Trained.Name + ".second", m.Second),
    });

    /// <summary>Sets all gradients to 0.</summary>
    public void ClearGradients()
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (Moments m in _moments) m.Trained.Tensor.grad?.zero_();
    }

    /// <summary>Moves every tensor against its gradient.</summary>
    public void Step(double learningRate)
    {
        using IDisposable frozen = no_grad();
        StepCount++;
        double correction1 = 1 - Math.Pow(Beta1, StepCount), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, StepCount));
        foreach (Moments m in _moments)
        {
            using var scope = NewDisposeScope();
            Tensor value = m.Trained.Tensor;
            if (value.grad is not { } gradient) continue;
            if (m.Trained.Decayed && _decay > 0) value.mul_(1 - (learningRate * _decay));
            m.First.mul_(Beta1).add_(gradient, 1 - Beta1);
            m.Second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            Tensor scale = m.Second.sqrt().div_(correction2).add_(Epsilon);
            value.addcdiv_(m.First, scale, -learningRate / correction1);
        }
    }

    public void Dispose()
    {
        foreach (Moments m in _moments)
        {
            m.First.Dispose();
            m.Second.Dispose();
        }
    }

    private sealed record Moments(TrainedTensor Trained, Tensor First, Tensor Second);
}
