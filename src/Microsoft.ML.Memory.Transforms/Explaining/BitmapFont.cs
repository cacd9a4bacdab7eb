// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A font of 3 x 5 pixels: digits, capital letters and a few signs, kept as one can read them.</summary>
internal static class BitmapFont
{
    public const int GlyphWidth = 3;
    public const int GlyphHeight = 5;

    private static readonly (string Characters, string[] Rows)[] _blocks =
    [
        ("0123456789.%#-/:",
        [
            "### .#. ### ### #.# ### ### ### ### ### ... #.# #.# ... ..# ...",
            "#.# ##. ..# ..# #.# #.. #.. ..# #.# #.# ... ..# ### ... ..# .#.",
            "#.# .#. ### .## ### ### ### ..# ### ### ... .#. #.# ### .#. ...",
            "#.# .#. #.. ..# ..# ..# #.# .#. #.# ..# ... #.. ### ... #.. .#.",
            "### ### ### ### ..# ### ### .#. ### ### .#. #.# #.# ... #.. ...",
        ]),
        ("ABCDEFGHIJKLM",
        [
            ".#. ##. .## ##. ### ### .## #.# ### ..# #.# #.. #.#",
            "#.# #.# #.. #.# #.. #.. #.. #.# .#. ..# #.# #.. ###",
            "### ##. #.. #.# ##. ##. #.# ### .#. ..# ##. #.. ###",
            "#.# #.# #.. #.# #.. #.. #.# #.# .#. #.# #.# #.. #.#",
            "#.# ##. .## ##. ### #.. .## #.# ### .#. #.# ### #.#",
        ]),
        ("NOPQRSTUVWXYZ",
        [
            "##. .#. ##. .#. ##. .## ### #.# #.# #.# #.# #.# ###",
            "#.# #.# #.# #.# #.# #.. .#. #.# #.# #.# #.# #.# ..#",
            "#.# #.# ##. #.# ##. .#. .#. #.# #.# ### .#. .#. .#.",
            "#.# #.# #.. ### #.# ..# .#. #.# #.# ### #.# .#. #..",
            "#.# .#. #.. .## #.# ##. .#. ### .#. #.# #.# .#. ###",
        ]),
    ];

    /// <summary>Tells whether a character has ink at a pixel.</summary>
    /// <remarks>Small letters look like capitals, unknown signs are blank.</remarks>
    public static bool HasInk(char character, int x, int y)
    {
        foreach ((string characters, string[] rows) in _blocks)
        {
            int index = characters.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (index >= 0) return rows[y][(index * (GlyphWidth + 1)) + x] == '#';
        }

        return false;
    }
}
