// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The vocabulary of a saved model that reads texts, so that it needs no file beside it.</summary>
internal static class VocabularyFormat
{
    private const string Source = "the saved model";

    /// <param name="fields">Receives the vocabulary.</param>
    /// <param name="input">Null where the model reads images.</param>
    public static void Write(BinaryWriter fields, TextInput? input)
    {
        fields.Write(input?.Tokenizer.Vocabulary.Pieces.Count ?? 0);
        if (input is null) return;
        fields.Write(input.Tokenizer.Rules.LowerCase);
        fields.Write(input.Tokenizer.Rules.StripAccents);
        foreach (string piece in input.Tokenizer.Vocabulary.Pieces) fields.Write(piece);
    }

    /// <returns>Null where the model reads images.</returns>
    /// <exception cref="InvalidDataException">The vocabulary breaks a rule.</exception>
    public static WordPieceTokenizer? Read(BinaryReader fields)
    {
        int count = fields.ReadInt32();
        if (count is < 0 or > BackboneRules.MostWords)
        {
            throw BadFile.Error(
                "The vocabulary", Source, $"have at most {BackboneRules.MostWords} words", $"{count}");
        }

        if (count == 0) return null;
        var rules = new WordPieceRules(fields.ReadBoolean(), fields.ReadBoolean());
        var pieces = new List<string>(); // grows with what is read, not with what is claimed
        while (pieces.Count < count) pieces.Add(fields.ReadString());
        return new WordPieceTokenizer(new WordPieceVocabulary(pieces, Source), rules);
    }
}
