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
    /// <summary>Elements N D of the residual stream.</summary>
    public long Stream => (long)Tokens * Width;

    /// <summary>Elements N F between the feed-forward layers.</summary>
    public long Hidden => (long)Tokens * FeedForward;

    /// <summary>Elements h N² of the attention maps.</summary>
    public long Maps => (long)HeadCount * Tokens * Tokens;

    /// <summary>What a block keeps where everything in it is trained: 8 N D + 2 N F + h N².</summary>
    public long Full => (8 * Stream) + (2 * Hidden) + Maps;

    /// <summary>What a block keeps where gradients pass through frozen weights: 5 N D + N F + h N².</summary>
    public long Passing => (5 * Stream) + Hidden + Maps;

    /// <summary>Takes the sizes of a backbone.</summary>
    /// <param name="config">The backbone.</param>
    /// <param name="tokens">Tokens of an example; null for images of the backbone's own size.</param>
    public static MemoryShape Of(BackboneConfig config, int? tokens = null)
    {
        return new MemoryShape(
            tokens ?? config.TokenCount, config.HiddenSize, config.HeadCount, config.LayerCount,
            config.IntermediateSize);
    }
}
