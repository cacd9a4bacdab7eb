// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Adapters that are held until this is disposed of, once.</summary>
internal sealed class AdapterLease(IReadOnlyList<SharedAdapter> adapters) : IDisposable
{
    private int _isDisposed;

    public IReadOnlyList<SharedAdapter> Adapters => adapters;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        foreach (SharedAdapter adapter in adapters) adapter.Dispose();
    }
}
