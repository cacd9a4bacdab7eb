// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Values for the modules whose last segments match a pattern; the first pattern that does decides.</summary>
internal sealed class PatternTable<T>
    where T : struct
{
    private readonly (ModulePattern Pattern, T Value)[] _rows;

    /// <exception cref="ArgumentException">A key is not a regular expression.</exception>
    public PatternTable(IReadOnlyList<KeyValuePair<string, T>> patterns)
        => _rows = [.. patterns.Select(pair => (new ModulePattern(pair.Key, lastSegments: true), pair.Value))];

    public T? Find(string module)
    {
        foreach ((ModulePattern pattern, T value) in _rows)
        {
            if (pattern.Matches(module)) return value;
        }

        return null;
    }
}
