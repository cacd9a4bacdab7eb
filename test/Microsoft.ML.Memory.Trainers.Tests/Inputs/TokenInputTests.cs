// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Inputs;

[TestClass]
public sealed class TokenInputTests
{
    private static readonly LoraOptions _options = new() { FeatureTokenCount = 5 };

    [TestMethod]
    public void ToBatch_of_what_an_image_is_embedded_to_gives_the_same_blocks()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        float[] pixels = [.. TinyImages.Draw(3, 1).SelectMany(i => i.Features)];
        BackboneInput images = BackboneInputs.Of(backbone, new LoraOptions());
        BackboneInput tokens = BackboneInputs.Of(backbone, _options);
        BackboneBatch batch = images.ToBatch(pixels, 3, CPU);
        float[] embedded = TensorData.ToArray(backbone.Trunk.Embed(batch));

        Tensor fromTokens = backbone.Trunk.HiddenStates(tokens.ToBatch(embedded, 3, CPU))[^1];

        Assert.AreEqual(5 * 16, tokens.RowLength);
        Assert.AreEqual(images.TokenCount, tokens.TokenCount);
        CollectionAssert.AreEqual(
            TensorData.ToArray(backbone.Trunk.HiddenStates(batch)[^1]), TensorData.ToArray(fromTokens));
    }

    [TestMethod]
    public void Find_a_column_of_another_size_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 64));

        Refusal.Assert<ArgumentException>(
            "Column 'Features' must hold [5, 16] = 80 values, the feature tokens of a row. Got 64. "
            + "Say their number in FineTuneOptions.FeatureTokenCount.",
            () => BackboneInputs.Of(backbone, _options).Find(schema.ToSchema(), "Features"));
    }

    [TestMethod]
    public void Embed_tokens_of_another_width_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);

        Refusal.Assert<ArgumentException>(
            "Feature tokens must be [n, tokens, 16]. Got [2, 5, 8]. (Parameter 'batch')",
            () => backbone.Trunk.Embed(BackboneBatch.Embedded(zeros([2, 5, 8]))));
    }

    [TestMethod]
    public void Options_with_images_besides_are_refused() => Refusal.Assert<ArgumentException>(
        "LoraOptions.FeatureTokenCount must be null with Image or Text. Got 5.",
        (_options with { Image = ImagePresets.Vit }).Validate);
}
