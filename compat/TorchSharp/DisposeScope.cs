// Licensed under the MIT License. See LICENSE in the project root for license information.
namespace TorchSharp;

/// <summary>Disposes, when it ends, every tensor made in it on its thread that was not moved out.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope _current;

    private readonly HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope()
    {
        Outer = _current;
        _current = this;
    }

    public int DisposablesCount => _tensors.Count;

    internal static DisposeScope Current => _current;

    internal DisposeScope Outer { get; }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor t && _tensors.Contains(t);

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(Outer, disposable);

    public T MoveToOther<T>(DisposeScope scope, T disposable)
        where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && _tensors.Remove(tensor))
        {
            tensor.Scope = scope;
            scope?._tensors.Add(tensor);
        }

        return disposable;
    }

    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    public void Dispose()
    {
        foreach (torch.Tensor tensor in _tensors.ToArray()) tensor.Dispose();
        _tensors.Clear();
        if (_current == this) _current = Outer;
    }

    internal void Add(torch.Tensor tensor) => _tensors.Add(tensor);

    internal void Forget(torch.Tensor tensor) => _tensors.Remove(tensor);
}
