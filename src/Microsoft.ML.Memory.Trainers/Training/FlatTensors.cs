// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Lays trained tensors one behind the other in one buffer, and so their gradients and moments.</summary>
/// <remarks>Decayed tensors come first. Each starts where a tensor of its own would, at a multiple of 64 bytes, so that
/// products take the same way through memory; what lies between is 0 and stays 0.</remarks>
internal sealed class FlatTensors : IDisposable
{
    private const long Alignment = 16; // numbers
    private readonly List<Tensor> _owned = [];
    private readonly List<FlatPart> _parts = [];
    private readonly List<(string Name, Tensor Tensor)> _moments = [];

    /// <param name="tensors">Of single precision, on one device; they become views of the buffer, and their gradients
    /// views of zeros, which backward adds to.</param>
    public FlatTensors(IEnumerable<TrainedTensor> tensors)
    {
        TrainedTensor[] ordered = [.. tensors.OrderBy(t => !t.Decayed)];
        Device device = ordered.Length == 0 ? CPU : ordered[0].Tensor.device;
        long decayed = ordered.Where(t => t.Decayed).Sum(Length), total = ordered.Sum(Length);
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor value = Owned(zeros([total], float32, device));
        var views = new List<Tensor>();
        foreach ((TrainedTensor trained, long start) in Placed(ordered))
        {
            Tensor view = View(value, trained, start);
            trained.Tensor.set_(view.copy_(trained.Tensor)); // what it held before is free at once
        }

        Gradient = Owned(zeros([total], float32, device));
        Tensor first = Owned(zeros([total], float32, device)), second = Owned(zeros([total], float32, device));
        foreach ((TrainedTensor trained, long start) in Placed(ordered))
        {
            Tensor gradient = View(Gradient, trained, start);
            if (trained.Tensor.grad is { } known) gradient.copy_(known);
            trained.Tensor.grad = gradient;
            _moments.Add((trained.Name + ".first", Owned(View(first, trained, start))));
            _moments.Add((trained.Name + ".second", Owned(View(second, trained, start))));
        }

        Cut(0, decayed, true);
        Cut(decayed, total, false);

        void Cut(long from, long to, bool isDecayed)
        {
            for (long start = from; start < to; start += PartLength)
            {
                long length = Math.Min(PartLength, to - start);
                Tensor Piece(Tensor buffer) => Owned(buffer.narrow(0, start, length));
                _parts.Add(new FlatPart(isDecayed, Piece(value), Piece(Gradient), Piece(first), Piece(second)));
            }
        }
    }

    /// <summary>Most numbers of a part: what a step works on at a time, and the size of its temporaries.</summary>
    public static long PartLength => 1 << 20;

    /// <summary>The whole of the gradients.</summary>
    public Tensor Gradient { get; }

    public IReadOnlyList<FlatPart> Parts => _parts;

    /// <summary>First and second moment of every tensor, by its name, ".first" and ".second".</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Moments => _moments;

    public void Dispose()
    {
        foreach (Tensor tensor in _owned) tensor.Dispose();
    }

    private static long Length(TrainedTensor trained) =>
        (trained.Tensor.numel() + Alignment - 1) / Alignment * Alignment;

    private static IEnumerable<(TrainedTensor Trained, long Start)> Placed(TrainedTensor[] ordered)
    {
        long start = 0;
        foreach (TrainedTensor trained in ordered)
        {
            yield return (trained, start);
            start += Length(trained);
        }
    }

    private static Tensor View(Tensor buffer, TrainedTensor trained, long start) =>
        buffer.narrow(0, start, trained.Tensor.numel()).view(trained.Tensor.shape);

    private Tensor Owned(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
