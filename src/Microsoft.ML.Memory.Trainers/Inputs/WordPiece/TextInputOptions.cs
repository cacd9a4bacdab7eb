// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a text column becomes the tokens of a BERT-like backbone.</summary>
public sealed record TextInputOptions
{
    /// <summary>
    /// Most tokens of a text, its start and end included, at least 3: the rest of a longer one is left out. Null, the
    /// default, is 128, or the backbone's longest text where that is shorter.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>Path of a vocabulary with a WordPiece a line; null, the default, is vocab.txt in the backbone's folder.
    /// A saved model holds the vocabulary.</summary>
    public string? VocabularyPath { get; init; }

    /// <summary>Whether letters become small ones; null, the default, is as the tokenizer_config.json beside the
    /// vocabulary says, and true without one.</summary>
    public bool? LowerCase { get; init; }

    internal void Validate(OptionViolations violations)
    {
        violations.Require(MaxTokens is null or >= 3, "Text.MaxTokens", "null or at least 3", MaxTokens);
        violations.Require(VocabularyPath != "", "Text.VocabularyPath", "null or a path", VocabularyPath);
    }
}
