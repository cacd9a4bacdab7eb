// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Copies the parts of a trunk's blocks that count most, in the order in which data flows.</summary>
/// <remarks>What a matrix keeps of its rows are the columns that the next one keeps. That residual additions then mix
/// channels is left as it is, as in the paper.</remarks>
internal sealed class TrunkPruning
{
    private const double SmallestScale = 1e-300;
    private readonly long _width;
    private int[] _kept;

    /// <param name="channels">How much each channel of the embedding counts.</param>
    /// <param name="width">Number of channels to keep.</param>
    public TrunkPruning(double[] channels, long width)
    {
        _width = width;
        _kept = Best(channels, width);
    }

    /// <summary>Channels of the residual stream that the next matrix reads, ascending.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Sets a narrow block to the parts of a block that count most.</summary>
    public void Copy(TrunkBlock from, BlockImportance importance, TrunkBlock to)
    {
        using var scope = NewDisposeScope();
        if (!from.NormLast) Copy(from.Norm1, to.Norm1);
        int[] rows = HeadRows(from, importance);
        Copy(from.Query, to.Query, rows, _kept, null);
        Copy(from.Key, to.Key, rows, _kept, null);
        Copy(from.Value, to.Value, rows, _kept, null);
        _kept = CopyBest(from.Output, importance.Output, to.Output, rows, from.Scale1);
        Copy(from.NormLast ? from.Norm1 : from.Norm2, from.NormLast ? to.Norm1 : to.Norm2);

        int[] inner = InnerRows(from, importance, to.Down.Weight.size(1));
        int half = (int)from.Down.Weight.size(1);
        int[] upRows = from.Gated ? [.. inner, .. inner.Select(i => i + half)] : inner;
        Copy(from.Up, to.Up, upRows, _kept, null);
        _kept = CopyBest(from.Down, importance.Down, to.Down, inner, from.Scale2);
        if (from.NormLast) Copy(from.Norm2, to.Norm2);
    }

    /// <summary>Sets a narrow norm to the kept channels of a norm.</summary>
    public void Copy(NormLayer from, NormLayer to)
    {
        using var scope = NewDisposeScope();
        to.Weight.copy_(Select(from.Weight, 0, _kept));
        to.Bias.copy_(Select(from.Bias, 0, _kept));
    }

    /// <summary>Sums of the rows of a matrix.</summary>
    public static double[] RowScores(Tensor importance)
    {
        using var scope = NewDisposeScope();
        return importance.to_type(float64).abs().sum(1).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>Places of the largest scores, ascending; of equals, the first.</summary>
    public static int[] Best(double[] scores, long count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take((int)count).Order()];

    /// <summary>Rows that queries, keys and values all keep.</summary>
    /// <remarks>All come from the best heads, as few as have enough rows; where not all fit, the best do.</remarks>
    private int[] HeadRows(TrunkBlock block, BlockImportance importance)
    {
        using var scope = NewDisposeScope();
        // Squared gradients are so small that their product would vanish: scores are compared, so they may be scaled.
        Tensor product = Scaled(importance.Query).mul(Scaled(importance.Key)).mul(Scaled(importance.Value));
        double[] scores = RowScores(product);
        int size = scores.Length / block.HeadCount;
        double[] heads = [.. scores.Chunk(size).Select(head => head.Sum())];
        int[] kept = Best(heads, (_width + size - 1) / size);
        var allowed = scores.Select((score, row) => kept.Contains(row / size) ? score : double.NegativeInfinity);
        return Best([.. allowed], _width);
    }

    private int[] InnerRows(TrunkBlock block, BlockImportance importance, long count)
    {
        using var scope = NewDisposeScope();
        double[] scores = RowScores(Select(importance.Up, 1, _kept));
        // A gated layer's halves belong together, row by row.
        int half = scores.Length / 2;
        if (block.Gated) scores = [.. scores.Take(half).Zip(scores.Skip(half), (a, b) => a + b)];
        return Best(scores, count);
    }

    private int[] CopyBest(LinearLayer from, Tensor importance, LinearLayer to, int[] columns, Tensor? scale)
    {
        int[] rows = Best(RowScores(Select(importance, 1, columns)), _width);
        Copy(from, to, rows, columns, scale);
        return rows;
    }

    // A layer scale, which the narrow block does not have, is multiplied into the layer in front of it.
    private static void Copy(LinearLayer from, LinearLayer to, int[] rows, int[] columns, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        Tensor weight = Select(Select(from.Weight, 0, rows), 1, columns);
        Tensor bias = from.Bias is { } b ? Select(b, 0, rows) : zeros_like(to.Bias!);
        if (scale is not null)
        {
            Tensor factors = Select(scale, 0, rows);
            weight = weight.mul(factors.unsqueeze(1));
            bias = bias.mul(factors);
        }

        to.Weight.copy_(weight);
        to.Bias!.copy_(bias);
    }

    private Tensor Scaled(Tensor importance)
    {
        Tensor part = Select(importance, 1, _kept).to_type(float64);
        return part.div(part.max().clamp(min: SmallestScale));
    }

    private static Tensor Select(Tensor tensor, long dimension, int[] indices)
    {
        long[] wide = [.. indices.Select(i => (long)i)];
        return tensor.index_select(dimension, TensorData.From(wide, [wide.Length], tensor.device));
    }
}
