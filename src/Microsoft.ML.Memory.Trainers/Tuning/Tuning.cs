// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A way to tune a frozen backbone: the tensors that are trained, and the feature that the head
/// reads.</summary>
/// <remarks>Owns its tensors. Not for several threads while training; scoring only reads.</remarks>
internal abstract class Tuning : BlockChanges, IDisposable
{
    private readonly Dictionary<string, TrainedTensor> _tensors = [];

    /// <summary>All trained tensors, and what is saved with them, in the order in which they were made.</summary>
    public IReadOnlyCollection<TrainedTensor> Tensors => _tensors.Values;

    /// <summary>Tensors of the trunk that were replaced by trained ones, by their name in the checkpoint.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> Replaced { get; } = new Dictionary<string, Tensor>();

    /// <summary>The method as messages call it: the public type that asks for it.</summary>
    public abstract string Name { get; }

    /// <summary>Width F of the feature.</summary>
    public abstract long FeatureSize { get; }

    /// <summary>Which features stay after training; null where all do.</summary>
    public virtual FeatureSelection? Selection => null;

    /// <summary>Makes the feature that the head reads.</summary>
    /// <returns>[B, F], with a graph to the trained tensors unless gradients are switched off.</returns>
    public abstract Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass);

    /// <summary>Copies what was trained into the method that <see cref="FineTuneOptions.Fitted"/> makes.</summary>
    public virtual void CopyTo(Tuning fitted)
    {
        foreach ((TrainedTensor own, TrainedTensor copy) in Tensors.Zip(fitted.Tensors)) copy.Tensor.copy_(own.Tensor);
    }

    /// <summary>Checks tensors that were read from a file.</summary>
    /// <exception cref="InvalidDataException">A value is out of its range.</exception>
    public virtual void RequireValid()
    {
    }

    public virtual void Dispose()
    {
        foreach (TrainedTensor trained in _tensors.Values) trained.Tensor.Dispose();
    }

    /// <summary>Takes a new tensor into training; it then belongs to this object.</summary>
    protected Tensor Train(string name, Tensor tensor, bool decayed) => Keep(name, tensor, decayed).requires_grad_();

    /// <summary>Takes a new tensor that is saved and not trained; it then belongs to this object.</summary>
    protected Tensor Keep(string name, Tensor tensor, bool decayed = false)
    {
        _tensors.Add(name, new TrainedTensor(name, tensor.DetachFromDisposeScope(), decayed));
        return tensor;
    }

    /// <summary>Takes a new linear layer into training.</summary>
    protected LinearLayer TrainLinear(string name, Tensor weight, Tensor? bias) =>
        new(name, Train(name + ".weight", weight, true), bias is null ? null : Train(name + ".bias", bias, false));

    /// <summary>Takes a new layer norm, which starts as the identity, into training.</summary>
    protected NormLayer TrainNorm(string name, long width, double epsilon, Device device) =>
        new(Train(name + ".weight", ones([width], float32, device), false),
            Train(name + ".bias", zeros([width], float32, device), false), epsilon);
}
