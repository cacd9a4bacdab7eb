// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory;

/// <summary>A regular expression over module names that may come from a hostile file.</summary>
internal sealed class ModulePattern
{
    public const int Longest = 4096;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly string _pattern;
    private readonly Regex _regex;

    /// <summary>Compiles a pattern that must match a whole name, or only its last segments.</summary>
    /// <exception cref="ArgumentException">The pattern is too long or not a regular expression.</exception>
    public ModulePattern(string pattern, bool lastSegments)
    {
        if (pattern.Length > Longest) throw Error(pattern, null);
        _pattern = pattern;
        string start = lastSegments ? @"\A(?:.*\.)?(?:" : @"\A(?:";
        try
        {
            // Alone first: an expression such as a)|(b is one only between the brackets.
            _ = new Regex(pattern, RegexOptions.CultureInvariant, _patience);
            _regex = new Regex($@"{start}{pattern})\z", RegexOptions.CultureInvariant, _patience);
        }
        catch (ArgumentException error)
        {
            throw Error(pattern, error);
        }
    }

    /// <summary>Says whether a text is a pattern that can be taken.</summary>
    public static bool IsValid(string pattern)
    {
        try
        {
            _ = new ModulePattern(pattern, lastSegments: true);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Says whether a name matches.</summary>
    /// <exception cref="InvalidDataException">The pattern takes more than a second for one name.</exception>
    public bool Matches(string module)
    {
        try
        {
            return _regex.IsMatch(module);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidDataException(
                $"The pattern {BadFile.Quote(_pattern)} must be decided within a second. "
                + $"Got more for {BadFile.Quote(module)}.");
        }
    }

    private static ArgumentException Error(string pattern, Exception? inner)
        => new(
            $"pattern must be a regular expression of at most {Longest} letters. Got {BadFile.Quote(pattern)}.",
            nameof(pattern), inner);
}
