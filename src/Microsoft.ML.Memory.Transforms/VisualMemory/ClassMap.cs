// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Says for which class a stored class votes, such as an animal for a cat; equal by value.</summary>
/// <remarks>
/// A class that is not named votes for itself. Names are compared ordinally. Thread safety: immutable, so safe.
/// </remarks>
public sealed class ClassMap : IEquatable<ClassMap>
{
    private readonly SortedDictionary<string, string> _ancestors;

    /// <summary>Copies a map.</summary>
    /// <param name="ancestors">Name of the class that is voted for, by name of the stored class; none empty.</param>
    /// <exception cref="ArgumentException">A name is empty, or cut through a surrogate pair.</exception>
    public ClassMap(IReadOnlyDictionary<string, string> ancestors)
    {
        ArgumentNullException.ThrowIfNull(ancestors);

        _ancestors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string leaf, string ancestor) in ancestors)
        {
            if (string.IsNullOrEmpty(leaf) || string.IsNullOrEmpty(ancestor))
            {
                throw new ArgumentException(
                    $"ancestors must map names to names. Got an empty name in '{leaf}' to '{ancestor}'.",
                    nameof(ancestors));
            }

            if (!WholeText.Is(leaf) || !WholeText.Is(ancestor))
            {
                throw new ArgumentException(
                    $"ancestors must map names of {WholeText.Constraint}. Got {WholeText.Got}. "
                    + "Cut texts between characters.",
                    nameof(ancestors));
            }

            _ancestors.Add(leaf, ancestor);
        }
    }

    /// <summary>The pairs, in ordinal order of the stored classes.</summary>
    public IReadOnlyDictionary<string, string> Ancestors => _ancestors;

    /// <inheritdoc/>
    public bool Equals(ClassMap? other)
        => other is not null && _ancestors.SequenceEqual(other._ancestors);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((string leaf, string ancestor) in _ancestors)
        {
            hash.Add(leaf, StringComparer.Ordinal);
            hash.Add(ancestor, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
