// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class AdaptiveMemory
{
    /// <summary>Reports what follows as another domain; the memory goes on from where it is.</summary>
    /// <param name="name">Name of the domain; null numbers it.</param>
    public void StartDomain(string? name = null)
    {
        lock (_gate) _domains.Start(name);
    }

    /// <summary>Reports how the stream has drifted since the start or the last <see cref="Reset"/>.</summary>
    /// <remarks>Counts the rows of <see cref="Adapt"/>. The report is not part of the state that is saved.</remarks>
    public DriftReport Report()
    {
        lock (_gate) return _domains.Report();
    }
}
