// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How text is simplified before it is cut into pieces.</summary>
/// <param name="LowerCase">Whether letters become small ones.</param>
/// <param name="StripAccents">Whether letters lose their accents.</param>
internal readonly record struct WordPieceRules(bool LowerCase, bool StripAccents)
{
    private const int LongestFile = 1 << 24;

    /// <summary>Reads a tokenizer_config.json; without one, letters become small and lose their accents.</summary>
    /// <param name="path">Path of the file, which need not be there.</param>
    /// <param name="lowerCase">Overrides what the file says; null does not.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule.</exception>
    public static WordPieceRules Load(string path, bool? lowerCase)
    {
        if (!File.Exists(path)) return new WordPieceRules(lowerCase ?? true, lowerCase ?? true);
        using JsonFields fields = JsonFields.Open(path, LongestFile);
        bool lower = lowerCase ?? fields.Boolean("do_lower_case") ?? true;
        return new WordPieceRules(lower, fields.Boolean("strip_accents") ?? lower);
    }
}
