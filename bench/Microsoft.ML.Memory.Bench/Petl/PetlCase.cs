// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>A way of tuning whose activations are measured, with what is expected of it.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Create">Makes the method.</param>
/// <param name="Saving">What is kept for backward.</param>
/// <param name="Expected">The formula.</param>
internal sealed record PetlCase(
    string Name, Func<Backbone, SeededRandom, Tuning> Create, ActivationSaving Saving, MemoryMethod Expected)
{
    private const int Rank = 4;
    private const int SideWidth = 16; // of 128 channels, 8 a group

    /// <summary>All cases, full fine-tuning first.</summary>
    public static PetlCase[] All { get; } =
    [
        new("full", Everything, ActivationSaving.All, MemoryMethod.Full),
        new("full, checkpoints", Everything, ActivationSaving.Checkpoints, MemoryMethod.Checkpoints),
        new("biases", Biases, ActivationSaving.All, MemoryMethod.BitFit),
        new("LoRA q,v", Lora, ActivationSaving.All, MemoryMethod.LoraQueryValue(Rank)),
        new("biases, 4 bits", Biases, ActivationSaving.FourBit, MemoryMethod.S2a),
        new("biases, 4 bits, maps again", Biases, ActivationSaving.FourBitRecomputed, MemoryMethod.S2aRecomputed),
        new("biases, all 4 bits", Biases, ActivationSaving.FourBitEverything, MemoryMethod.S2aEverything),
        new("S2A, 4 bits", S2a, ActivationSaving.FourBit, MemoryMethod.S2a.WithSide(SideWidth)),
        new("S2A, all 4 bits", S2a, ActivationSaving.FourBitEverything, MemoryMethod.S2aEverything.WithSide(SideWidth)),
        new("LoRA q,v, 4 bits", Lora, ActivationSaving.FourBit, new(s => MemoryMethod.S2a.PerBlock(s) + s.Stream
            + (2 * Rank * s.Tokens))),
    ];

    /// <summary>A ViT with random weights, of 65 tokens.</summary>
    public static Backbone Micro() => Backbone.Create(
        new BackboneConfig
        {
            HiddenSize = 128,
            HeadCount = 4,
            LayerCount = 6,
            IntermediateSize = 512,
            PatchSize = 4,
            ImageSize = 32,
        },
        seed: 3);

    private static Tuning Everything(Backbone backbone, SeededRandom random) =>
        new FullFineTuneOptions().Create(backbone, random);

    private static Tuning Biases(Backbone backbone, SeededRandom random) =>
        new BitFitOptions().Create(backbone, random);

    private static Tuning Lora(Backbone backbone, SeededRandom random) =>
        new LoraOptions { Rank = Rank }.Create(backbone, random);

    private static Tuning S2a(Backbone backbone, SeededRandom random) => new S2aOptions().Create(backbone, random);
}
