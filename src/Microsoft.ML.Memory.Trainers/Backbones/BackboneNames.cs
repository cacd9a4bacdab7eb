// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>The names that the tensors of a kind of backbone have in its checkpoints, without a prefix.</summary>
internal sealed record BackboneNames
{
    public const string Words = "embeddings.word_embeddings.weight";
    public const string TokenTypes = "embeddings.token_type_embeddings.weight";
    public const string Registers = "embeddings.register_tokens";
    public const string Scale1 = "layer_scale1.lambda1";
    public const string Scale2 = "layer_scale2.lambda1";
    public const string Pooler = "pooler.dense";
    public const string Projection = "visual_projection";

    /// <summary>What stands before them in a model that classifies; empty where they have it already.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Null for texts.</summary>
    public string? ClassToken { get; init; }

    public required string Positions { get; init; }

    /// <summary>Null for texts.</summary>
    public string? PatchWeight { get; init; }

    /// <summary>Null for texts, and where the patches have no bias.</summary>
    public string? PatchBias { get; init; }

    /// <summary>Null where nothing is normalised before the first block.</summary>
    public string? EmbeddingNorm { get; init; }

    /// <summary>Null where the last block ends with a norm.</summary>
    public string? FinalNorm { get; init; }

    /// <summary>Prefix of one block, with {0} for its place.</summary>
    public required string Block { get; init; }

    public required string Norm1 { get; init; }

    public required string Query { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string Output { get; init; }

    public required string Norm2 { get; init; }

    public required string Up { get; init; }

    public required string Down { get; init; }

    /// <summary>Path of one module of a block, such as <c>encoder.layer.3.output.dense</c>.</summary>
    public string InBlock(int index, string part) =>
        string.Format(CultureInfo.InvariantCulture, Block, index) + part;

    public static BackboneNames Of(BackboneConfig config) => config.Kind switch
    {
        BackboneKind.Dinov2 => Dinov2(config),
        BackboneKind.Clip => Clip,
        BackboneKind.Bert => Bert,
        _ => Vit,
    };

    private static BackboneNames Vit { get; } = new()
    {
        Prefix = "vit.",
        ClassToken = "embeddings.cls_token",
        Positions = "embeddings.position_embeddings",
        PatchWeight = "embeddings.patch_embeddings.projection.weight",
        PatchBias = "embeddings.patch_embeddings.projection.bias",
        FinalNorm = "layernorm",
        Block = "encoder.layer.{0}.",
        Norm1 = "layernorm_before",
        Query = "attention.attention.query",
        Key = "attention.attention.key",
        Value = "attention.attention.value",
        Output = "attention.output.dense",
        Norm2 = "layernorm_after",
        Up = "intermediate.dense",
        Down = "output.dense",
    };

    private static BackboneNames Clip { get; } = new()
    {
        ClassToken = "vision_model.embeddings.class_embedding",
        Positions = "vision_model.embeddings.position_embedding.weight",
        PatchWeight = "vision_model.embeddings.patch_embedding.weight",
        EmbeddingNorm = "vision_model.pre_layrnorm", // spelled so in every checkpoint
        FinalNorm = "vision_model.post_layernorm",
        Block = "vision_model.encoder.layers.{0}.",
        Norm1 = "layer_norm1",
        Query = "self_attn.q_proj",
        Key = "self_attn.k_proj",
        Value = "self_attn.v_proj",
        Output = "self_attn.out_proj",
        Norm2 = "layer_norm2",
        Up = "mlp.fc1",
        Down = "mlp.fc2",
    };

    private static BackboneNames Bert { get; } = new()
    {
        Prefix = "bert.",
        Positions = "embeddings.position_embeddings.weight",
        EmbeddingNorm = "embeddings.LayerNorm",
        Block = "encoder.layer.{0}.",
        Norm1 = "attention.output.LayerNorm",
        Query = "attention.self.query",
        Key = "attention.self.key",
        Value = "attention.self.value",
        Output = "attention.output.dense",
        Norm2 = "output.LayerNorm",
        Up = "intermediate.dense",
        Down = "output.dense",
    };

    private static BackboneNames Dinov2(BackboneConfig config) => Vit with
    {
        Prefix = config.RegisterCount > 0 ? "dinov2_with_registers." : "dinov2.",
        Norm1 = "norm1",
        Norm2 = "norm2",
        Up = config.SwiGlu ? "mlp.weights_in" : "mlp.fc1",
        Down = config.SwiGlu ? "mlp.weights_out" : "mlp.fc2",
    };
}
