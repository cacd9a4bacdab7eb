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

    /// <summary>Elements N D of the residual stream.</summary>
    public long Stream => (long)Tokens * Width;

    /// <summary>Elements N F between the feed-forward layers.</summary>
    public long Hidden => (long)Tokens * FeedForward;

    /// <summary>Elements 2 N F of both factors of a gate, f(a) and b, beside the derivative of f; 0 without.</summary>
    public long Gate => IsGated ? 2 * Hidden : 0;

    /// <summary>Elements h N² of the attention maps.</summary>
    public long Maps => (long)HeadCount * Tokens * Tokens;

    /// <summary>What a block keeps where everything in it is trained: 8 N D + 2 N F + h N², and a gate's 2 N F.
    /// </summary>
    public long Full => (8 * Stream) + (2 * Hidden) + Maps + Gate;

    /// <summary>What a block keeps where gradients pass through frozen weights: 5 N D + N F + h N², and a gate's 2 N F.
    /// </summary>
    public long Passing => (5 * Stream) + Hidden + Maps + Gate;

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
        };
    }
}
