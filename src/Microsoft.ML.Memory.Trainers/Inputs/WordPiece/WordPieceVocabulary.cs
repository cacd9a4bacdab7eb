// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Memory;

/// <summary>The pieces of words that a text encoder knows, each with its number.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class WordPieceVocabulary
{
    private const int LongestFile = 1 << 28;
    private const int LongestPiece = 1000;
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _continuations = new(StringComparer.Ordinal);

    /// <param name="pieces">The pieces in the order of their numbers.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">A piece is there twice or too long, or a special one is missing.
    /// </exception>
    public WordPieceVocabulary(IReadOnlyList<string> pieces, string source)
    {
        Pieces = pieces;
        if (pieces.Count > BackboneRules.MostWords)
        {
            throw BadFile.Error(
                "The vocabulary", source, $"have at most {BackboneRules.MostWords} lines", $"{pieces.Count}");
        }

        for (int id = 0; id < pieces.Count; id++) Add(pieces[id], id, source);
        Unknown = Special("[UNK]", source);
        Start = Special("[CLS]", source);
        End = Special("[SEP]", source);
        Padding = Special("[PAD]", source);
    }

    /// <summary>All pieces, by number.</summary>
    public IReadOnlyList<string> Pieces { get; }

    public int Unknown { get; }

    public int Start { get; }

    public int End { get; }

    public int Padding { get; }

    /// <summary>Length of the longest piece in UTF-16 units, without the mark of a continuation.</summary>
    public int Longest { get; private set; }

    /// <summary>Reads a file with a piece a line, in UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is too long or breaks a rule.</exception>
    public static WordPieceVocabulary Load(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > LongestFile)
            throw BadFile.Error("The vocabulary", path, $"be at most {LongestFile} bytes long", $"{file.Length}");
        byte[] bytes = new byte[(int)file.Length];
        file.ReadExactly(bytes);
        if (!Utf8.IsValid(bytes)) throw BadFile.Error("The vocabulary", path, "be UTF-8", "other bytes");
        string text = Encoding.UTF8.GetString(bytes);
        // Only these end a line: the vocabularies of some languages have other separators as pieces.
        string[] lines = text.Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return new WordPieceVocabulary([.. lines.Take(count).Select(l => l.EndsWith('\r') ? l[..^1] : l)], path);
    }

    /// <summary>Finds the number of a piece that starts a word, or of one that goes on with it.</summary>
    public bool TryFind(ReadOnlySpan<char> piece, bool continues, out int id) =>
        (continues ? _continuations : _starts).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out id);

    private void Add(string piece, int id, string source)
    {
        if (piece.Length > LongestPiece)
        {
            throw BadFile.Error(
                $"Line {id + 1}", source, $"be at most {LongestPiece} letters long", $"{piece.Length}");
        }

        bool continues = piece.StartsWith("##", StringComparison.Ordinal);
        string letters = continues ? piece[2..] : piece;
        Longest = Math.Max(Longest, letters.Length);
        if (!(continues ? _continuations : _starts).TryAdd(letters, id))
            throw BadFile.Error($"Line {id + 1}", source, "differ from all others", $"{BadFile.Quote(piece)} again");
    }

    private int Special(string piece, string source) => _starts.TryGetValue(piece, out int id)
        ? id
        : throw BadFile.Error("The vocabulary", source, $"have a line {piece}", $"{Pieces.Count} others");
}
