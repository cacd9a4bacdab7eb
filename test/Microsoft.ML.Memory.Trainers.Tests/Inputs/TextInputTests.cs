// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Inputs;

[TestClass]
public sealed class TextInputTests
{
    private static readonly string[] _pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "very", "##ly"];

    [TestMethod]
    public void Score_does_not_depend_on_longer_texts_in_the_batch()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Create(Config, 3);
        TextInput input = Input(12);
        int[][] texts = [[2, 4, 3], [2, 5, 6, 4, 1, 7, 3], [2, 3]];
        float[] rows = [.. texts.SelectMany(t => Row(t, 12))];

        float[][] together = Features(backbone, input, rows, 3);

        for (int row = 0; row < 3; row++)
        {
            float[] alone = Features(backbone, input, Row(texts[row], 12), 1)[0];
            for (int i = 0; i < alone.Length; i++) Assert.AreEqual(alone[i], together[row][i], 1e-5f);
        }
    }

    [TestMethod]
    public void ToBatch_is_as_long_as_its_longest_text()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();

        BackboneBatch padded = Input(12).ToBatch([.. Row([2, 4, 3], 12), .. Row([2, 4, 5, 6, 3], 12)], 2, CPU);
        BackboneBatch even = Input(12).ToBatch(Row([2, 4, 3], 12), 1, CPU);

        CollectionAssert.AreEqual(new long[] { 2, 5 }, padded.TokenIds!.shape);
        CollectionAssert.AreEqual(new long[] { 2, 1, 1, 5 }, padded.Mask!.shape);
        CollectionAssert.AreEqual(
            new[] { 0, 0, 0, float.MinValue, float.MinValue },
            TensorData.ToArray(padded.Mask!)[..5].Select(v => v + 0f).ToArray());
        Assert.IsNull(even.Mask);
    }

    [TestMethod]
    [DataRow(1f)]
    [DataRow(13f)]
    public void ToBatch_lengths_that_cannot_be_are_refused(float length)
    {
        float[] row = Row([2, 4, 3], 12);
        row[0] = length;

        Refusal.Assert<ArgumentException>(
            $"A row must have 2 to 12 tokens. Got {length}. (Parameter 'rows')", () => Input(12).ToBatch(row, 1, CPU));
    }

    [TestMethod]
    public void Of_a_vocabulary_of_more_words_than_the_backbone_is_refused() => AssertRefused<InvalidDataException>(
        Config with { VocabularySize = 7 }, null,
        "The vocabulary must have at most the 7 words of the backbone. Got 8. Take the vocab.txt that belongs to it.");

    [TestMethod]
    public void Of_more_tokens_than_positions_is_refused() => AssertRefused<ArgumentException>(
        Config, new LoraOptions { Text = new TextInputOptions { MaxTokens = 17 } },
        "FineTuneOptions.Text.MaxTokens must be at most the 16 positions of the backbone. Got 17.");

    [TestMethod]
    public void Of_image_options_for_texts_is_refused() => AssertRefused<ArgumentException>(
        Config, new LoraOptions { Image = ImagePresets.Vit },
        "FineTuneOptions.Image must be null for a backbone that reads texts. Got a value.");

    [TestMethod]
    public void Of_a_missing_vocabulary_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(Config, 1);
        string path = Path.Combine("random weights of seed 1", "vocab.txt");

        Refusal.Assert<FileNotFoundException>(
            "FineTuneOptions.Text.VocabularyPath must name a vocabulary, or the backbone's folder must have a "
            + $"vocab.txt. Got no file '{path}'.", () => BackboneInputs.Of(backbone, new LoraOptions()));
    }

    [TestMethod]
    public void Of_without_options_takes_as_many_tokens_as_the_backbone_has_positions()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(Config, 1);

        Assert.AreEqual(17, BackboneInputs.Of(backbone, new LoraOptions(), Tokenizer()).RowLength);
    }

    [TestMethod]
    public void Find_a_column_of_numbers_is_refused()
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", NumberDataViewType.Single);

        Refusal.Assert<ArgumentException>(
            "Column 'Features' must be of type String. Got Single. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            () => Input(12).Find(schema.ToSchema(), "Features"));
    }

    private static BackboneConfig Config => new()
    {
        Kind = BackboneKind.Bert,
        HiddenSize = 16,
        LayerCount = 2,
        HeadCount = 2,
        IntermediateSize = 32,
        VocabularySize = 8,
        MaxPositions = 16,
    };

    private static void AssertRefused<TError>(BackboneConfig config, LoraOptions? options, string message)
        where TError : Exception
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(config, 1);

        Refusal.Assert<TError>(message, () => BackboneInputs.Of(backbone, options ?? new LoraOptions(), Tokenizer()));
    }

    private static WordPieceTokenizer Tokenizer() =>
        new(new WordPieceVocabulary(_pieces, "x"), new WordPieceRules(true, true));

    private static TextInput Input(int most) => new(Tokenizer(), most);

    private static float[] Row(int[] ids, int most) =>
        [ids.Length, .. ids.Select(i => (float)i), .. new float[most - ids.Length]];

    private static float[][] Features(Backbone backbone, TextInput input, float[] rows, int count)
    {
        BackboneBatch batch = input.ToBatch(rows, count, CPU);
        Tensor[] states = backbone.Trunk.HiddenStates(batch);
        using IDisposable frozen = no_grad();
        float[] features = TensorData.ToArray(backbone.Trunk.Pool(states[^1], batch.Mask));
        return [.. features.Chunk(backbone.FeatureSize)];
    }
}
