// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many numbers a way of tuning keeps of a forward pass until backward, for one example.</summary>
/// <remarks>
/// <para>Single precision and attention that keeps its maps. A number of 4 bits counts as an eighth. What is small
/// whatever the method (statistics of norms, scales of codes, the head) is left out, see
/// <see cref="MemoryModel.KeptBytes"/> for all.</para>
/// <para>A frozen linear layer keeps nothing; a trained one keeps its input; a norm keeps x̂, attention Q, K, V and its
/// map, an activation its derivative.</para>
/// </remarks>
/// <param name="PerBlock">Numbers in one block.</param>
internal sealed record MemoryMethod(Func<MemoryShape, double> PerBlock)
{
    private const double FourBit = 1 / 8.0;

    /// <summary>The sizes that blocks have with the tokens, or the keys and values, that a method adds.</summary>
    public Func<MemoryShape, MemoryShape> Seen { get; init; } = s => s;

    /// <summary>Numbers outside the blocks, or in a block of its own.</summary>
    public Func<MemoryShape, double> Once { get; init; } = _ => 0;

    /// <summary>Numbers beside one block, whatever the way of saving inside it.</summary>
    public Func<MemoryShape, double> Beside { get; init; } = _ => 0;

    /// <summary>Number of blocks that keep anything, of all.</summary>
    public Func<int, int> Blocks { get; init; } = count => count;

    /// <summary>Everything is trained.</summary>
    public static MemoryMethod Full { get; } = new(s => s.Full);

    /// <summary>Everything is trained; blocks are run again from their inputs, one at a time.</summary>
    public static MemoryMethod Checkpoints { get; } = new(s => s.Stream) { Once = s => s.Full };

    /// <summary>What a method keeps with its way of saving.</summary>
    /// <remarks>Codes make the norms, activations and maps of a method smaller and leave the rest as it is. Blocks of
    /// half precision keep half as much; what is beside and behind them, and what readouts keep, is of single
    /// precision.</remarks>
    public static MemoryMethod Of(FineTuneOptions options, BackboneConfig config)
    {
        MemoryMethod asked = options.Keeps(config);
        bool isHalved = options.EntersBackbone && options.TrunkPrecision == TrunkPrecision.BFloat16;
        double unit = isHalved ? 0.5 : 1;
        MemoryMethod all = asked with { PerBlock = s => unit * asked.PerBlock(s) };
        return options.SavedActivations switch
        {
            ActivationSaving.Checkpoints => all with
            {
                PerBlock = s => unit * all.Seen(s).Stream,
                // Prompts are put in front of the first block when it is run, not before.
                Once = s => all.PerBlock(s) + all.Once(s) - (unit * (all.Seen(s).Stream - s.Stream)),
            },
            ActivationSaving.FourBit => all.Coded(S2a),
            ActivationSaving.FourBitRecomputed => all.Coded(S2aRecomputed),
            ActivationSaving.FourBitEverything => all.Coded(S2aEverything),
            _ => all,
        };
    }

    /// <summary>Only the head is trained.</summary>
    public static MemoryMethod LinearProbe { get; } = new(_ => 0) { Once = s => s.Width };

    /// <summary>Biases are trained: their gradients need no activation.</summary>
    public static MemoryMethod BitFit { get; } = new(s => s.Passing);

    /// <summary>Norms, activations and attention maps in 4 bits.</summary>
    public static MemoryMethod S2a { get; } =
        new(s => s.Projections + (FourBit * ((2 * s.Stream) + s.Hidden + s.Maps)) + s.Gate);

    /// <summary>Norms and activations in 4 bits; Q, K, V, the output and the sums of a fused attention.</summary>
    public static MemoryMethod S2aFused { get; } = new(
        s => s.Projections + s.Stream + (FourBit * ((2 * s.Stream) + s.Hidden)) + ((long)s.HeadCount * s.Tokens)
            + s.Gate);

    /// <summary>Norms and activations in 4 bits; maps computed again from Q and K.</summary>
    /// <remarks>Less than <see cref="S2aFused"/>: neither the output nor the sums are needed where the whole map is
    /// computed again.</remarks>
    public static MemoryMethod S2aRecomputed { get; } =
        new(s => s.Projections + (FourBit * ((2 * s.Stream) + s.Hidden)) + s.Gate);

    /// <summary>Everything in 4 bits but the factors of a gate.</summary>
    public static MemoryMethod S2aEverything { get; } = new(s => (FourBit * (s.Passing - s.Gate)) + s.Gate);

    /// <summary>Norms and activations in 4 bits, attention as it is.</summary>
    public static MemoryMethod S2aExactAttention { get; } =
        new(s => s.Projections + s.Maps + (FourBit * ((2 * s.Stream) + s.Hidden)) + s.Gate);

    /// <summary>Low-rank terms on some linear layers of each block.</summary>
    /// <param name="rank">Rank of a term.</param>
    /// <param name="streams">Inputs of the backbone's width that they read.</param>
    /// <param name="readsHidden">Whether one reads the feed-forward width.</param>
    /// <param name="count">Number of terms in a block.</param>
    public static MemoryMethod Lora(int rank, int streams, bool readsHidden, int count) => new(
        s => s.Passing + (streams * s.Stream) + (readsHidden ? s.Hidden : 0) + ((double)rank * count * s.Tokens));

    /// <summary>Low-rank terms on queries and values: both read the same input.</summary>
    public static MemoryMethod LoraQueryValue(int rank) => new(s => s.Passing + s.Stream + (2.0 * rank * s.Tokens));

    /// <summary>Low-rank terms on all six linear layers.</summary>
    public static MemoryMethod LoraAllLinears(int rank) => Lora(rank, streams: 3, readsHidden: true, count: 6);

    /// <summary>A bottleneck after the feed-forward part, on its output.</summary>
    public static MemoryMethod SequentialAdapter(int width) =>
        new(s => s.Passing + s.Stream + (2.0 * width * s.Tokens));

    /// <summary>Bottlenecks after attention and after the feed-forward part, on their outputs.</summary>
    public static MemoryMethod TwoAdapters(int width) =>
        new(s => s.Passing + (2 * s.Stream) + (4.0 * width * s.Tokens));

    /// <summary>A bottleneck beside the feed-forward part, on an input that the norm keeps anyway.</summary>
    public static MemoryMethod ParallelAdapter(int width) => new(s => s.Passing + (2.0 * width * s.Tokens));

    /// <summary>Prompts in every block.</summary>
    public static MemoryMethod DeepPrompts(int count) =>
        new(s => Longer(s, count).Passing) { Seen = s => Longer(s, count) };

    /// <summary>Keys and values in front of a block's own.</summary>
    public static MemoryMethod Prefixes(int count) =>
        new(s => Prefixed(s, count).Passing) { Seen = s => Prefixed(s, count) };

    /// <summary>Queries beside the frozen stream.</summary>
    public static MemoryMethod Queries(int count) => new(
        s => (2 * s.Stream) + ((double)s.HeadCount * count * s.Tokens) + (QueryFloats(s) * count))
    {
        Once = s => s.Width * (1.0 + ((double)s.BlockCount * count)),
    };

    /// <summary>Queries in one sequence with the frozen tokens, which then keep all that gradients need.</summary>
    public static MemoryMethod ConcatenatedQueries(int count) => new(
        s => Longer(s, count).Passing - ((double)s.HeadCount * (s.Tokens + count) * count));

    /// <summary>A side network of D/reduction channels.</summary>
    /// <param name="reduction">Factor r by which it is narrower.</param>
    /// <param name="keepHeads">Whether it has as many heads as the backbone, not h/r.</param>
    /// <param name="share">Share of the blocks that it has.</param>
    public static MemoryMethod Ladder(int reduction, bool keepHeads = false, double share = 1) => new(s =>
    {
        int heads = keepHeads ? s.HeadCount : Math.Max(1, s.HeadCount / reduction);
        double narrow = (double)s.Tokens * (s.Width / reduction);
        double inner = (double)s.Tokens * (s.FeedForward / reduction) * (s.IsGated ? 4 : 2);
        return s.Stream + (10 * narrow) + inner + ((double)heads * s.Tokens * s.Tokens);
    })
    {
        Blocks = count => (int)(share * count),
    };

    /// <summary>Parallel attention over all L + 1 states, narrowed to some channels.</summary>
    public static MemoryMethod UniPt(int width, bool allTokens = false)
    {
        Func<MemoryShape, double> layer = allTokens
            ? s => s.Stream + (3.0 * s.Tokens * width) + (2.0 * s.Tokens * s.Tokens)
            : s => s.Stream + (2.0 * s.Tokens * width) + s.Tokens;
        return new MemoryMethod(layer) { Once = layer };
    }

    /// <summary>A mixture of narrowed states, and the last blocks with their gradient.</summary>
    public static MemoryMethod Sherl(int width, int lateCount = 1) =>
        new(s => s.Stream + (4.0 * s.Tokens * width)) { Once = s => lateCount * s.Passing };

    /// <summary>A recurrent block over the last few states.</summary>
    public static MemoryMethod R2(int width, int depth) =>
        new(s => s.Stream + (4.0 * s.Tokens * width)) { Blocks = _ => depth };

    /// <summary>The same method with S2A's side branch.</summary>
    /// <param name="width">Channels of the branch.</param>
    /// <param name="isTaped">Whether a tape keeps its steps, x̂ and the hidden layer; autograd keeps what the norm
    /// gives out besides.</param>
    public MemoryMethod WithSide(int width, bool isTaped = true) => this with
    {
        Beside = s => (isTaped ? 2.0 : 3.0) * s.Tokens * width,
        Once = s => Once(s) + width,
    };

    private MemoryMethod Coded(MemoryMethod passing) =>
        this with { PerBlock = s => passing.PerBlock(Seen(s)) + PerBlock(s) - Seen(s).Passing };

    private static MemoryShape Prefixed(MemoryShape shape, int length) => shape with { PrefixLength = length };

    private static MemoryShape Longer(MemoryShape shape, int more) => shape with { Tokens = shape.Tokens + more };

    // A query's own block: x̂ and the outputs of both norms, q, context, and the feed-forward part twice.
    private static double QueryFloats(MemoryShape shape) =>
        (6.0 * shape.Width) + ((shape.IsGated ? 4.0 : 2.0) * shape.FeedForward);
}
