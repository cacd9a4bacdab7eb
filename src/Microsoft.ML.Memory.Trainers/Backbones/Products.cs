// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Products of matrices.</summary>
/// <remarks>The library's own <c>matmul</c> ends the process where it fails, also where memory runs out; the operators
/// used here throw.</remarks>
internal static class Products
{
    /// <summary>Multiplies matrices: [.., n, k] x [.., k, m] -> [.., n, m].</summary>
    /// <param name="a">A stack of matrices, or one for all of the other's.</param>
    /// <param name="b">A stack of matrices of the same leading dimensions, where 1 stands for any; or one for
    /// all.</param>
    public static Tensor Of(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        Tensor product = (a.ndim, b.ndim) switch
        {
            (2, 2) => a.mm(b),
            (2, _) => nn.functional.linear(b.transpose(-2, -1), a).transpose(-2, -1),
            (_, 2) => nn.functional.linear(a, b.t()),
            _ => Stacks(a, b),
        };
        return product.MoveToOuterDisposeScope();
    }

    private static Tensor Stacks(Tensor a, Tensor b)
    {
        long[] left = a.shape, right = b.shape;
        long[] leading = [.. left[..^2].Zip(right[..^2], Math.Max)];
        if (left.Length != right.Length || !Fits(left) || !Fits(right))
            throw new ArgumentException(
                $"b must hold as many matrices as a, {Text(left)}. Got {Text(right)}.", nameof(b));
        Tensor product = Stack(a, left).bmm(Stack(b, right));
        return leading.Length == 1 ? product : product.view([.. leading, left[^2], right[^1]]);

        bool Fits(long[] shape) => shape[..^2].Zip(leading).All(pair => pair.First == pair.Second || pair.First == 1);
        Tensor Stack(Tensor x, long[] shape)
        {
            if (!shape.AsSpan(..^2).SequenceEqual(leading)) x = x.expand([.. leading, shape[^2], shape[^1]]);
            return leading.Length == 1 ? x : x.reshape(-1, shape[^2], shape[^1]);
        }
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
}
