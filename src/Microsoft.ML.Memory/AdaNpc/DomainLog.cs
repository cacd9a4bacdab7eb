// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sums up what is predicted, domain by domain.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
internal sealed class DomainLog
{
    private const string FirstName = "1";

    private readonly double[] _sourceShares;
    private readonly List<DomainCounts> _domains = [];

    public DomainLog(AdaptiveState start)
    {
        _sourceShares = new double[start.ClassCount];
        start.Memory.CountClasses(_sourceShares);
        foreach (ref double share in _sourceShares.AsSpan()) share /= Math.Max(1, start.Memory.Count);
    }

    /// <summary>Forgets all domains.</summary>
    public void Clear() => _domains.Clear();

    /// <summary>Counts what follows as another domain.</summary>
    /// <param name="name">Its name; null numbers it.</param>
    public void Start(string? name)
        => _domains.Add(new DomainCounts(name ?? $"{_domains.Count + 1}", _sourceShares.Length));

    /// <summary>Counts predicted rows.</summary>
    public void Count(AdaptivePredictions predictions, int first, int count, double threshold)
    {
        if (_domains.Count == 0) Start(FirstName);
        for (int row = first; row < first + count; row++) _domains[^1].Count(predictions, row, threshold);
    }

    /// <summary>Gives a summary of every domain.</summary>
    public DriftReport Report() => new([.. _domains.Select(domain => domain.Summarize(_sourceShares))]);
}
