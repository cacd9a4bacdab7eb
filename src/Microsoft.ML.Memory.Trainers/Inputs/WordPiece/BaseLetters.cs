// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Letters without their accents: the canonical decomposition of Unicode, its marks left out.</summary>
/// <remarks>A table of our own, since the runtime decomposes nothing where an application switches globalization off,
/// and the same text must become the same tokens everywhere. Thread-safe.</remarks>
internal static class BaseLetters
{
    /// <summary>Most UTF-16 units that one character decomposes to.</summary>
    public const int Most = 6;

    private const string Table = "Microsoft.ML.Memory.Inputs.WordPiece.base-letters.txt";
    private const int FirstSyllable = 0xAC00;
    private const int SyllableCount = 11172;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int NoTail = 0x11A7;
    private static readonly Lazy<FrozenDictionary<int, string>> _bases = new(ReadTable);

    /// <summary>Writes what remains of a character without its marks.</summary>
    /// <param name="letter">The character.</param>
    /// <param name="destination">Receives at most <see cref="Most"/> UTF-16 units.</param>
    /// <returns>How many were written; 0 for a mark.</returns>
    public static int Write(Rune letter, Span<char> destination)
    {
        if (letter.IsAscii) return letter.EncodeToUtf16(destination);
        if (Rune.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark) return 0;
        int syllable = letter.Value - FirstSyllable;
        if ((uint)syllable < SyllableCount) return WriteSyllable(syllable, destination);
        if (!_bases.Value.TryGetValue(letter.Value, out string? bases)) return letter.EncodeToUtf16(destination);
        bases.CopyTo(destination);
        return bases.Length;
    }

    // The Unicode Standard, section 3.12: a Hangul syllable is two or three letters by its number.
    private static int WriteSyllable(int syllable, Span<char> destination)
    {
        int tail = syllable % TailCount;
        destination[0] = (char)(FirstLead + (syllable / (VowelCount * TailCount)));
        destination[1] = (char)(FirstVowel + (syllable / TailCount % VowelCount));
        if (tail == 0) return 2;
        destination[2] = (char)(NoTail + tail);
        return 3;
    }

    // A line has a base and all that decomposes to it; parts of a base are joined by a plus.
    private static FrozenDictionary<int, string> ReadTable()
    {
        using Stream stream = typeof(BaseLetters).Assembly.GetManifestResourceStream(Table)
            ?? throw new InvalidOperationException($"The assembly must hold '{Table}'. Got none.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var bases = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            string letters = string.Concat(parts[0].Split('+').Select(p => char.ConvertFromUtf32(Number(p))));
            foreach (string part in parts.AsSpan(1)) bases.Add(Number(part), letters);
        }

        return bases.ToFrozenDictionary();
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
