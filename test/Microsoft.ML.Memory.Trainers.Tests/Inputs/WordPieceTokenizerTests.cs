// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Trainers.Tests.Inputs;

[TestClass]
public sealed class WordPieceTokenizerTests
{
    private static readonly string[] _pieces =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "aff", "cafe", "Caf\u00e9", "!", ",", ";", "a",
        "##a", "b", "##b", "abc", "\u4f60", "\u597d", "\u1112", "##\u1161", "##\u11ab", "the", "##s", "\u03c3", "i",
        "\ud83d\ude00", "[", "]", "sep",
    ];

    private static readonly WordPieceRules _lower = new(true, true);
    private static readonly WordPieceRules _cased = new(false, false);

    [TestMethod]
    [DataRow("unaffable", "un ##aff ##able")]
    [DataRow("UnAffable", "un ##aff ##able")]
    [DataRow("Caf\u00e9!", "cafe !")]
    [DataRow("cafe\u0301,the", "cafe , the")]
    [DataRow("  the\t\n\rthe\u00a0the\u3000", "the the the")]
    [DataRow("", "")]
    [DataRow("\u4f60\u597da", "\u4f60 \u597d a")]
    [DataRow("a\u0000b\u200dc\ufffd", "abc")]
    [DataRow("a\ud800b", "a ##b")]
    [DataRow("unx", "[UNK]")]
    [DataRow("unx the", "[UNK] the")]
    [DataRow("[SEP]", "[ sep ]")]
    [DataRow("\ud55c", "\u1112 ##\u1161 ##\u11ab")]
    [DataRow("a\u037eb", "a ; b")]
    [DataRow("\u0130", "i")]
    [DataRow("\u03a3", "\u03c3")]
    [DataRow("\ud83d\ude00", "\ud83d\ude00")]
    [DataRow("\u2014the", "[UNK] the")]
    public void Encode_small_letters_gives_the_pieces_found_by_hand(string text, string pieces) =>
        Assert.AreEqual(pieces, Encode(text, _lower));

    [TestMethod]
    [DataRow("Caf\u00e9", "Caf\u00e9")]
    [DataRow("caf\u00e9", "[UNK]")]
    [DataRow("The", "[UNK]")]
    public void Encode_cased_keeps_letters_and_accents(string text, string pieces) =>
        Assert.AreEqual(pieces, Encode(text, _cased));

    [TestMethod]
    public void Encode_words_of_more_than_a_hundred_characters_are_unknown()
    {
        string longest = string.Join(' ', Enumerable.Range(0, 100).Select(i => i == 0 ? "a" : "##a"));

        Assert.AreEqual(longest, Encode(new string('a', 100), _lower, 128));
        Assert.AreEqual("[UNK] the", Encode(new string('a', 101) + " the", _lower, 128));
    }

    [TestMethod]
    [DataRow(4, "a b")]
    [DataRow(3, "a")]
    public void Encode_longer_texts_are_cut_and_keep_their_end(int most, string pieces) =>
        Assert.AreEqual(pieces, Encode("a b the", _lower, most));

    [TestMethod]
    public void Encode_a_word_that_does_not_fit_is_unknown_if_it_is_so_as_a_whole() =>
        Assert.AreEqual("[UNK]", Encode("unaffx", _lower, 3));

    [TestMethod]
    public void Encode_any_text_gives_pieces_that_spell_it_or_are_unknown()
    {
        var config = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300);
        Gen<string> texts = Gen.ArrayOf(Gen.Frequency(
            (3, Gen.Elements("a", "b", "un", "aff", "able", "the", "s", " ", "!", "\u4f60", "\ud55c", "\u00e9")),
            (1, Gen.Choose(0, 0xFFFF).Select(c => ((char)c).ToString())))).Select(string.Concat);
        FsCheck.Check.One(config, Prop.ForAll(texts.ToArbitrary(), text =>
        {
            string[] words = Encode(text, _lower, 4096).Split(' ', StringSplitOptions.RemoveEmptyEntries);

            string spelled = string.Concat(
                words.Select(w => w.StartsWith("##", StringComparison.Ordinal) ? w[2..] : w));
            if (!words.Contains("[UNK]")) Assert.AreEqual(Letters(text), spelled);
            CollectionAssert.AreEqual(words, Encode(text + " \t", _lower, 4096).Split(
                ' ', StringSplitOptions.RemoveEmptyEntries), "white space at the end changes nothing");
        }));
    }

    [TestMethod]
    public void BaseLetters_are_without_marks_and_their_own_bases()
    {
        Span<char> once = stackalloc char[BaseLetters.Most], twice = stackalloc char[BaseLetters.Most];
        for (int code = 0; code < 0x110000; code++)
        {
            if (!Rune.IsValid(code)) continue;
            int length = BaseLetters.Write(new Rune(code), once);
            foreach (Rune part in ((ReadOnlySpan<char>)once[..length]).EnumerateRunes())
            {
                int again = BaseLetters.Write(part, twice);
                Assert.AreEqual(part.ToString(), twice[..again].ToString(), $"base of U+{code:X4}");
            }
        }
    }

    [TestMethod]
    [DataRow("\u00e9", "e")]
    [DataRow("\u1e69", "s")]
    [DataRow("\u00c5", "A")]
    [DataRow("\u212b", "A")]
    [DataRow("\u0439", "\u0438")]
    [DataRow("\u1f00", "\u03b1")]
    [DataRow("\u0301", "")]
    [DataRow("\u00f8", "\u00f8")]
    [DataRow("\uac00", "\u1100\u1161")]
    [DataRow("\ud7a3", "\u1112\u1175\u11c2")]
    [DataRow("\uf900", "\u8c48")]
    public void BaseLetters_equal_the_decomposition_of_Unicode(string letter, string bases)
    {
        Span<char> written = stackalloc char[BaseLetters.Most];

        int length = BaseLetters.Write(letter.EnumerateRunes().First(), written);

        Assert.AreEqual(bases, written[..length].ToString());
    }

    private static string Letters(string text) => string.Concat(text.EnumerateRunes()
        .Where(r => !TextRunes.IsSpace(r) && !TextRunes.IsDropped(r))
        .Select(r =>
        {
            char[] bases = new char[BaseLetters.Most];
            int length = BaseLetters.Write(r, bases);
            return string.Concat(new string(bases, 0, length).EnumerateRunes().Select(l => Rune.ToLowerInvariant(l)));
        }));

    private static string Encode(string text, WordPieceRules rules, int most = 32)
    {
        var tokenizer = new WordPieceTokenizer(new WordPieceVocabulary(_pieces, "x"), rules);
        int[] ids = new int[most];
        int count = tokenizer.Encode(text, ids);
        string[] pieces = [.. ids.Take(count).Select(id => _pieces[id])];
        Assert.AreEqual("[CLS]", pieces[0]);
        Assert.AreEqual("[SEP]", pieces[^1]);
        return string.Join(' ', pieces[1..^1]);
    }
}
