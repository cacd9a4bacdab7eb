// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Operators whose gradients are computed by hand, beside autograd: keeps what they need and no
/// more.</summary>
/// <remarks>
/// <para>An operator on the tape computes without a graph and gives its value out with a graph that begins at a new
/// leaf. Backward of the loss thus ends at the last leaves; from there <see cref="Backward"/> walks the records from
/// the last to the first: it takes the gradient at the record's leaf, computes those of the record's inputs, and lets
/// autograd carry them on to the leaves before.</para>
/// <para>A function of autograd's own with a custom gradient would be simpler, but the library behind keeps a tensor
/// of the size of each of its outputs, which is what is to be saved.</para>
/// <para>Serves one step. Not for several threads.</para>
/// </remarks>
internal abstract class Tape : BlockOperators, IDisposable
{
    private readonly List<TapeRecord> _records = [];
    private Tensor? _cut; // the value that the last boundary gave out, and its leaf
    private Tensor? _cutLeaf;

    /// <summary>What is on the tape, in the order of forward; empty after backward.</summary>
    public IReadOnlyList<TapeRecord> Records => _records;

    /// <summary>Index of the block that is running.</summary>
    protected int BlockIndex { get; set; } = -1;

    /// <summary>Carries gradients from the leaves, at which backward of the loss has ended, to the trained tensors.
    /// </summary>
    public void Backward()
    {
        using IDisposable frozen = no_grad();
        for (int i = _records.Count - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            TapeRecord record = _records[i];
            if (record.Output.grad is { } gradient) Carry(record, gradient);
            _records.RemoveAt(i);
            Free(record);
        }
    }

    public void Dispose()
    {
        foreach (TapeRecord record in _records) Free(record);
        _records.Clear();
    }

    /// <summary>Puts an operator on the tape.</summary>
    /// <param name="saved">What it keeps; the tape's from now on.</param>
    /// <param name="inputs">Its inputs, from <see cref="Source"/> or <see cref="Shared"/>, or trained tensors; null
    /// where no gradient is needed.</param>
    /// <param name="value">Its value, without a graph.</param>
    /// <returns>The same value with a graph that begins here.</returns>
    protected Tensor Record(SavedOperator saved, Tensor?[] inputs, Tensor value)
    {
        using var scope = NewDisposeScope();
        Tensor leaf;
        // One number as large as the value: x + (-0) is x to the last bit, and an addition keeps nothing for backward.
        using (no_grad()) leaf = full([1], -0.0, value.dtype, value.device).expand(value.shape).detach();
        leaf.requires_grad_().DetachFromDisposeScope();
        _records.Add(new TapeRecord(saved, inputs, leaf, BlockIndex));
        return leaf.add(value).MoveToOuterDisposeScope();
    }

    /// <summary>Puts the identity on the tape, so that what is before it and what is after it are separate graphs.
    /// </summary>
    protected Tensor Cut(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor value = Record(new SavedBoundary(), [Source(x)], x.detach());
        (_cut, _cutLeaf) = (value, _records[^1].Output);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>A handle on the graph of x that keeps no values; null where x has no graph.</summary>
    protected Tensor? Source(Tensor x)
    {
        if (!x.requires_grad) return null;
        if (ReferenceEquals(x, _cut)) return Shared(_cutLeaf!);
        using var scope = NewDisposeScope();
        Tensor source = x.add(0);
        using (no_grad()) source.set_(zeros([1], x.dtype, x.device).expand(x.shape));
        return source.DetachFromDisposeScope();
    }

    /// <summary>A handle on x itself, for where its values are kept anyway; null where x has no graph.</summary>
    protected static Tensor? Shared(Tensor x) => x.requires_grad ? x.alias().DetachFromDisposeScope() : null;

    private static void Carry(TapeRecord record, Tensor gradient)
    {
        Tensor?[] gradients = record.Operator.Gradients(gradient);
        var inputs = new List<Tensor>();
        var given = new List<Tensor>();
        for (int i = 0; i < record.Inputs.Length; i++)
        {
            if (record.Inputs[i] is not { } input || gradients[i] is not { } of) continue;
            inputs.Add(input);
            given.Add(of);
        }

        if (inputs.Count > 0) autograd.backward(inputs, given);
    }

    private static void Free(TapeRecord record)
    {
        record.Operator.Dispose();
        record.Output.Dispose();
        foreach (Tensor? input in record.Inputs) input?.Dispose();
    }
}
