// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Attention's queries, keys, values and, unless they are computed again, its probabilities.</summary>
/// <remarks>With P the probabilities, O = P V and c the scale: dV = Pᵀ dO, dP = dO Vᵀ, dS = P (dP - rowsum(P dP)),
/// dQ = c dS K, dK = c dSᵀ Q.</remarks>
internal sealed class SavedAttention : SavedOperator
{
    private const int LargestGroup = 32;

    private readonly int _headCount;
    private readonly Tensor? _mask;
    private readonly bool _recomputed;
    private readonly SavedTensor _probabilities;
    private readonly (SavedTensor Values, Tensor? Scale)[] _projections;

    /// <param name="projections">Queries, keys and values [B, N, D], without a graph.</param>
    /// <param name="probabilities">[B, h, N, M].</param>
    /// <param name="headCount">Number of heads.</param>
    /// <param name="mask">Added to the scores, or null.</param>
    /// <param name="policy">What is kept.</param>
    public SavedAttention(
        Tensor[] projections, Tensor probabilities, int headCount, Tensor? mask, SavingPolicy policy)
    {
        using var scope = NewDisposeScope();
        _headCount = headCount;
        _recomputed = policy.Attention == AttentionSaving.Recomputed;
        _mask = _recomputed && mask is not null ? Keep(SavedKind.Mask, mask.detach()) : null;
        _projections = [.. projections.Select(p => policy.CodedProjections ? Coded(p) : Exact(p))];
        if (_recomputed) return;
        _probabilities = policy.Attention == AttentionSaving.Coded
            ? SavedTensor.Packed(ProbabilityCodes.Encode(probabilities), 4)
            : SavedTensor.Exact(probabilities.detach());
        Keep(SavedKind.Probabilities, _probabilities.Values);
    }

    /// <summary>Channels of a head that share a scale: the largest divisor of its width up to 32.</summary>
    public static long GroupSize(long headWidth)
    {
        long size = Math.Min(headWidth, LargestGroup);
        while (headWidth % size != 0) size--;
        return size;
    }

    /// <summary>Gradients of queries, keys and values.</summary>
    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = [.. _projections.Select(p => BlockOperators.Split(Read(p.Values, p.Scale), _headCount))];
        (Tensor query, Tensor key, Tensor value) = (heads[0], heads[1], heads[2]);
        double scale = 1 / Math.Sqrt(query.size(-1));
        Tensor probabilities = _recomputed ? BlockOperators.Probabilities(query, key, _mask)
            : _probabilities.Bits == 0 ? _probabilities.Values
            : ProbabilityCodes.Decode(_probabilities.Codes(), gradient.dtype);

        Tensor outer = BlockOperators.Split(gradient, _headCount); // [B, h, N, D/h]
        Tensor ofValue = Products.Of(probabilities.transpose(-2, -1), outer);
        Tensor ofScores = Products.Of(outer, value.transpose(-2, -1)); // [B, h, N, M]
        Tensor along = ofScores.mul(probabilities).sum(-1, keepdim: true);
        ofScores = ofScores.sub_(along).mul_(probabilities).mul_(scale);
        Tensor ofQuery = Products.Of(ofScores, key), ofKey = Products.Of(ofScores.transpose(-2, -1), query);
        Tensor[] results = [.. new[] { ofQuery, ofKey, ofValue }.Select(BlockOperators.Join)];
        foreach (Tensor result in results) result.MoveToOuterDisposeScope();
        return results;
    }

    private Tensor Read(SavedTensor values, Tensor? scale)
    {
        if (scale is null) return values.Values;
        long[] shape = scale.shape; // [B, N, D/group, 1]
        return ScaledCodes.Decode(values.Codes(), scale).view(shape[0], shape[1], -1);
    }

    private (SavedTensor Values, Tensor? Scale) Exact(Tensor x) =>
        (SavedTensor.Exact(Keep(SavedKind.Projections, x.detach())), null);

    private (SavedTensor Values, Tensor? Scale) Coded(Tensor x)
    {
        long[] shape = x.shape;
        long group = GroupSize(shape[2] / _headCount);
        (Tensor codes, Tensor scale) = ScaledCodes.Encode(x.reshape(shape[0], shape[1], -1, group));
        SavedTensor packed = SavedTensor.Packed(codes, 4);
        Keep(SavedKind.Projections, packed.Values);
        return (packed, Keep(SavedKind.ProjectionScales, scale));
    }
}
