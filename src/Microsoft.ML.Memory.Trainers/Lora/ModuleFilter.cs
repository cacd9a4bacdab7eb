// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses modules by their dotted names, as PEFT does: by list, by pattern, or every linear.</summary>
/// <remarks>Immutable and safe for several threads.</remarks>
public sealed class ModuleFilter
{
    private const string AllLinearText = "all-linear";

    private static readonly string[] _heads = ["classifier", "score", "lm_head"];

    private readonly ModulePattern? _pattern;

    private ModuleFilter(IReadOnlyList<string> names, string? pattern)
    {
        Names = names;
        Pattern = pattern;
        _pattern = pattern is null ? null : new ModulePattern(pattern, lastSegments: false);
    }

    /// <summary>
    /// Chooses every module but an output head, which is one whose last segment is <c>classifier</c>, <c>score</c> or
    /// <c>lm_head</c>. Whoever asks asks of linear modules only: a name does not say what a module is.
    /// </summary>
    public static ModuleFilter AllLinear { get; } = new([], null);

    /// <summary>The names that are listed; empty for a pattern and for <see cref="AllLinear"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The regular expression; null for a list and for <see cref="AllLinear"/>.</summary>
    public string? Pattern { get; }

    /// <summary>Chooses modules whose name is one of a list, or ends with a dot and one of them.</summary>
    /// <param name="names">At least one name, none empty.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">There is no name, or an empty one.</exception>
    public static ModuleFilter Of(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] list = [.. names];
        if (list.Length == 0 || list.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                $"names must be at least one, none empty. Got {(list.Length == 0 ? "none" : "an empty one")}.",
                nameof(names));
        }

        return new ModuleFilter(list, null);
    }

    /// <summary>Chooses modules whose whole name matches a regular expression of .NET.</summary>
    /// <remarks>Differs from PEFT: named groups of Python, <c>(?P&lt;name&gt;...)</c>, are not known.</remarks>
    /// <param name="pattern">At most 4096 letters; <c>all-linear</c> gives <see cref="AllLinear"/>.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">The text is too long or not a regular expression.</exception>
    public static ModuleFilter Matching(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);

        return pattern == AllLinearText ? AllLinear : new ModuleFilter([], pattern);
    }

    /// <summary>Says whether a module is chosen.</summary>
    /// <param name="module">Dotted name of the module.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InvalidDataException">The pattern takes more than a second to decide.</exception>
    public bool Matches(string module)
    {
        ArgumentNullException.ThrowIfNull(module);

        if (_pattern is not null) return _pattern.Matches(module);
        return Names.Count > 0
            ? Names.Any(name => EndsWith(module, name))
            : !_heads.Any(head => EndsWith(module, head));
    }

    /// <summary>Gives the text of a pattern, or the names between brackets.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
        => Pattern ?? (Names.Count > 0 ? $"[{string.Join(", ", Names)}]" : AllLinearText);

    /// <summary>Says whether the last segments of a dotted name are a given one.</summary>
    private static bool EndsWith(string module, string name)
        => module.EndsWith(name, StringComparison.Ordinal)
            && (module.Length == name.Length || module[^(name.Length + 1)] == '.');
}
