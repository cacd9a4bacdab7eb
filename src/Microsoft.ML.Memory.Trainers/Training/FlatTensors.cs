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
    private readonly List<Place> _places = [];
    private readonly Tensor _value;
    private readonly Tensor _first;
    private readonly Tensor _second;

    /// <param name="tensors">Of single precision, on one device; they become views of the buffer.</param>
    public FlatTensors(IEnumerable<TrainedTensor> tensors)
    {
        TrainedTensor[] ordered = [.. tensors.OrderBy(t => !t.Decayed)];
        Device device = ordered.Length == 0 ? CPU : ordered[0].Tensor.device;
        long total = ordered.Sum(Length), start = 0;
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        _value = Owned(zeros([total], float32, device));
        foreach (TrainedTensor trained in ordered)
        {
            Tensor view = View(_value, trained, start);
            trained.Tensor.set_(view.copy_(trained.Tensor)); // what it held before is free at once
            _places.Add(new Place(trained, start, start + Length(trained)));
            start += Length(trained);
        }

        Gradient = Owned(zeros([total], float32, device));
        _first = Owned(zeros([total], float32, device));
        _second = Owned(zeros([total], float32, device));
        foreach (Place place in _places)
        {
            _moments.Add((place.Trained.Name + ".first", Owned(View(_first, place.Trained, place.Start))));
            _moments.Add((place.Trained.Name + ".second", Owned(View(_second, place.Trained, place.Start))));
        }

        Cut();
        TakeGradients();
    }

    /// <summary>Most numbers of a part: what a step works on at a time, and the size of its temporaries.</summary>
    public static long PartLength => 1 << 20;

    /// <summary>The whole of the gradients.</summary>
    public Tensor Gradient { get; }

    public IReadOnlyList<FlatPart> Parts => _parts;

    /// <summary>First and second moment of every tensor, by its name, ".first" and ".second".</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Moments => _moments;

    /// <summary>Makes gradients that tensors have got since the last call views of the buffer, which backward adds to.
    /// </summary>
    /// <remarks>What no backward reaches has no gradient, and is not decayed.</remarks>
    public void TakeGradients()
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        bool isChanged = false;
        foreach (Place place in _places)
        {
            if (place.HasGradient || place.Trained.Tensor.grad is not { } known) continue;
            place.Trained.Tensor.grad = View(Gradient, place.Trained, place.Start).copy_(known);
            place.HasGradient = isChanged = true;
        }

        if (isChanged) Cut();
    }

    /// <summary>Frees gradients and moments; the tensors go on as views of the buffer, without gradients.</summary>
    public void Dispose()
    {
        foreach (Place place in _places) place.Trained.Tensor.grad = null; // they would hold the whole buffer
        foreach (FlatPart part in _parts) part.Dispose();
        foreach (Tensor tensor in _owned) tensor.Dispose();
    }

    private void Cut()
    {
        using var scope = NewDisposeScope();
        foreach (FlatPart part in _parts) part.Dispose();
        _parts.Clear();
        for (int first = 0, next; first < _places.Count; first = next)
        {
            bool isDecayed = _places[first].IsDecayed;
            for (next = first + 1; next < _places.Count && _places[next].IsDecayed == isDecayed;) next++;
            Cut(_places[first].Start, _places[next - 1].End, isDecayed);
        }
    }

    private void Cut(long from, long to, bool isDecayed)
    {
        for (long start = from; start < to; start += PartLength)
        {
            long length = Math.Min(PartLength, to - start);
            Tensor Piece(Tensor buffer) => buffer.narrow(0, start, length).DetachFromDisposeScope();
            _parts.Add(new FlatPart(isDecayed, Piece(_value), Piece(Gradient), Piece(_first), Piece(_second)));
        }
    }

    private static long Length(TrainedTensor trained) =>
        (trained.Tensor.numel() + Alignment - 1) / Alignment * Alignment;

    private static Tensor View(Tensor buffer, TrainedTensor trained, long start) =>
        buffer.narrow(0, start, trained.Tensor.numel()).view(trained.Tensor.shape);

    private Tensor Owned(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Where a tensor lies in the buffers.</summary>
    private sealed record Place(TrainedTensor Trained, long Start, long End)
    {
        public bool HasGradient { get; set; }

        public bool IsDecayed => Trained.Decayed && HasGradient;
    }
}
