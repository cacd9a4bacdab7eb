// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Cuts text into the pieces of a vocabulary, as BERT-like encoders read it.</summary>
/// <remarks>
/// <para>Words end at white space, at punctuation and around Chinese characters; controls are left out. A word becomes
/// the longest piece that it starts with, then the longest that goes on, and so forth; one that cannot be made up of
/// pieces, or of more than 100 characters, is unknown. Names of special pieces in a text are text.</para>
/// <para>Thread-safe; allocates nothing.</para>
/// <para>Source: Devlin et al., 2019, arXiv 1810.04805; greedy matching: Wu et al., 2016, arXiv 1609.08144,
/// section 4.1.</para>
/// </remarks>
internal sealed class WordPieceTokenizer(WordPieceVocabulary vocabulary, WordPieceRules rules)
{
    private const int LongestWord = 100; // characters

    public WordPieceVocabulary Vocabulary => vocabulary;

    public WordPieceRules Rules => rules;

    /// <summary>Writes the numbers of a text's pieces between those of its start and its end.</summary>
    /// <param name="text">The text; what does not fit is left out.</param>
    /// <param name="ids">Receives the numbers, at least 2.</param>
    /// <returns>How many were written.</returns>
    public int Encode(ReadOnlySpan<char> text, Span<int> ids)
    {
        ids[0] = vocabulary.Start;
        var pieces = new PieceWriter(vocabulary, ids[1..^1], stackalloc char[2 * LongestWord]);
        Span<char> letters = stackalloc char[BaseLetters.Most];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (pieces.IsFull) break;
            if (TextRunes.IsSpace(rune)) pieces.EndWord();
            else if (!TextRunes.IsDropped(rune)) Take(ref pieces, rune, letters);
        }

        pieces.EndWord();
        ids[pieces.Count + 1] = vocabulary.End;
        return pieces.Count + 2;
    }

    private void Take(ref PieceWriter pieces, Rune rune, Span<char> letters)
    {
        bool alone = TextRunes.IsChinese(rune);
        int count = rules.StripAccents ? BaseLetters.Write(rune, letters) : rune.EncodeToUtf16(letters);
        foreach (Rune letter in ((ReadOnlySpan<char>)letters[..count]).EnumerateRunes())
        {
            bool ends = alone || TextRunes.IsPunctuation(letter);
            if (ends) pieces.EndWord();
            pieces.Append(rules.LowerCase ? Rune.ToLowerInvariant(letter) : letter);
            if (ends) pieces.EndWord();
        }
    }

    /// <summary>Collects the letters of one word and writes its pieces.</summary>
    private ref struct PieceWriter(WordPieceVocabulary vocabulary, Span<int> ids, Span<char> word)
    {
        private readonly Span<int> _ids = ids;
        private readonly Span<char> _word = word;
        private int _length; // UTF-16 units
        private int _runes; // may exceed what is held

        public int Count { get; private set; }

        public readonly bool IsFull => Count == _ids.Length;

        public void Append(Rune letter)
        {
            if (_runes++ < LongestWord) _length += letter.EncodeToUtf16(_word[_length..]);
        }

        public void EndWord()
        {
            if (_runes > 0 && !IsFull) Match();
            _length = _runes = 0;
        }

        private void Match()
        {
            int first = Count;
            for (int start = 0; start < _length;)
            {
                int id = vocabulary.Unknown;
                int length = _runes > LongestWord ? 0 : LongestPiece(_word[start.._length], start > 0, ref id);
                if (length == 0)
                {
                    // Pieces before the one that is missing do not count.
                    _ids[first] = vocabulary.Unknown;
                    Count = first + 1;
                    return;
                }

                // A word that does not fit is still matched to its end, since that may make it unknown.
                if (Count < _ids.Length) _ids[Count++] = id;
                start += length;
            }
        }

        private readonly int LongestPiece(ReadOnlySpan<char> rest, bool continues, ref int id)
        {
            int length = Math.Min(rest.Length, vocabulary.Longest);
            while (length > 0 && !vocabulary.TryFind(rest[..length], continues, out id)) length--;
            return length;
        }
    }
}
