// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The sizes of a backbone on which the memory of training depends.</summary>
/// <param name="Tokens">Tokens N of an example, the class token and registers among them.</param>
/// <param name="Width">Width D.</param>
/// <param name="HeadCount">Heads h.</param>
/// <param name="BlockCount">Blocks L.</param>
/// <param name="FeedForward">Width F of the feed-forward part; 4 D in most.</param>
internal sealed record MemoryShape(int Tokens, int Width, int HeadCount, int BlockCount, int FeedForward)
{
    /// <summary>Whether one half of what enters the feed-forward part gates the other (SwiGLU).</summary>
    public bool IsGated { get; init; }

    /// <summary>Whether blocks scale what they add to the stream by vectors of their own (DINOv2).</summary>
    public bool HasLayerScale { get; init; }

    /// <summary>Number l of keys and values in front of those of the tokens.</summary>
    public int PrefixLength { get; init; }

    /// <summary>Elements N D of the residual stream.</summary>
    public long Stream => (long)Tokens * Width;

    /// <summary>Elements N F between the feed-forward layers.</summary>
    public long Hidden => (long)Tokens * FeedForward;

    /// <summary>Elements 2 N F of both factors of a gate, f(a) and b, beside the derivative of f; 0 without.</summary>
    public long Gate => IsGated ? 2 * Hidden : 0;

    /// <summary>Elements N D + 2 (N + l) D of queries, keys and values.</summary>
    public long Projections => (3 * Stream) + (2L * PrefixLength * Width);

    /// <summary>Elements h N (N + l) of the attention maps.</summary>
    public long Maps => (long)HeadCount * Tokens * (Tokens + PrefixLength);

    /// <summary>Elements 2 N D that layer scales multiply, which they keep where they are trained; 0 without.</summary>
    public long Scaled => HasLayerScale ? 2 * Stream : 0;

    /// <summary>What a block keeps where everything in it is trained: 8 N D + 2 N F + h N², a gate's 2 N F, and 2 N D
    /// of layer scales.</summary>
    public long Full => Passing + (3 * Stream) + Hidden + Scaled;

    /// <summary>What a block keeps where gradients pass through frozen weights: 5 N D + N F + h N², and a gate's 2 N F.
    /// </summary>
    public long Passing => (2 * Stream) + Projections + Hidden + Maps + Gate;

    /// <summary>Takes the sizes of a backbone.</summary>
    /// <param name="config">The backbone.</param>
    /// <param name="tokens">Tokens of an example; null for images of the backbone's own size.</param>
    public static MemoryShape Of(BackboneConfig config, int? tokens = null)
    {
        return new MemoryShape(
            tokens ?? config.TokenCount, config.HiddenSize, config.HeadCount, config.LayerCount,
            config.IntermediateSize)
        {
            IsGated = config.SwiGlu,
            HasLayerScale = config.LayerScale,
        };
    }
}
