// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Results that are disposed together.</summary>
public interface IDisposableReadOnlyCollection<T> : IReadOnlyList<T>, IDisposable
{
}
