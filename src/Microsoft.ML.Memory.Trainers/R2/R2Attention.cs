// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Learned queries look at all tokens; the largest of what they find counts.</summary>
internal sealed class R2Attention(Tensor queries, LinearLayer query, LinearLayer value)
{
    /// <summary>Max over queries of softmax((Wq q + bq) (Wv v + bv)ᵀ / sqrt(w)) v + q.</summary>
    /// <param name="values">v, [B, N, w].</param>
    /// <param name="mask">[B, 1, 1, N], or null.</param>
    /// <returns>[B, w].</returns>
    public Tensor Apply(Tensor values, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        double scale = 1 / Math.Sqrt(queries.size(1));
        Tensor asked = query.Apply(queries).mul(scale); // [Q, w]
        // p (Wv v + bv) = (p Wv) v + p bv: the tokens' own projection need not be made.
        Tensor shift = asked.mm(value.Bias!.unsqueeze(-1)); // [Q, 1]
        Tensor scores = Products.Of(asked.mm(value.Weight), values.transpose(1, 2)).add(shift); // [B, Q, N]
        if (mask is not null) scores = scores.add(mask.select(1, 0));
        Tensor found = Products.Of(scores.softmax(-1), values).add(queries); // [B, Q, w]
        (Tensor largest, _) = found.max(1);
        return largest.MoveToOuterDisposeScope();
    }
}
