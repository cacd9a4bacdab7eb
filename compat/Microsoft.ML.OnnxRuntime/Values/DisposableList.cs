// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Results in a list; disposing it disposes each.</summary>
internal sealed class DisposableList<T> : List<T>, IDisposableReadOnlyCollection<T> where T : IDisposable
{
    public DisposableList(int capacity) : base(capacity)
    {
    }

    public void Dispose()
    {
        foreach (T item in this)
            item.Dispose();
        Clear();
    }
}
