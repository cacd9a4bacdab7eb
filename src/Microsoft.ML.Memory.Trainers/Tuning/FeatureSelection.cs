// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Chooses the features that a head keeps: those whose columns of weights are longest.</summary>
/// <remarks>n_f = |W[:, f]|; the k largest are kept, of equals the first. Until <see cref="Choose"/> all are.</remarks>
/// <param name="mask">[F], 1 where a feature is kept and 0 where not; changes with the choice.</param>
/// <param name="count">Number k of features to keep, from 1 to F.</param>
internal sealed class FeatureSelection(Tensor mask, long count)
{
    /// <summary>Number k of features to keep.</summary>
    public long Count => count;

    /// <summary>Number F of features.</summary>
    public long FullCount => mask.numel();

    /// <summary>Tells one choice from another.</summary>
    public string Checksum => Convert.ToHexStringLower(
        SHA256.HashData(MemoryMarshal.AsBytes<float>(TensorData.ToArray(mask))));

    /// <summary>Leaves out all features but those of the longest columns, and sets the others' weights to 0.</summary>
    /// <param name="weight">Of the head, [C, F].</param>
    public void Choose(Tensor weight)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        double[] norms = weight.to_type(float64).square().sum([0]).sqrt().cpu().contiguous().data<double>().ToArray();
        var kept = new float[norms.Length];
        foreach (int feature in TrunkPruning.Best(norms, count)) kept[feature] = 1;
        mask.copy_(TensorData.From(kept, [kept.Length]));
        weight.mul_(mask);
    }

    /// <summary>Sets features that are left out to 0, [B, F].</summary>
    public Tensor Apply(Tensor feature) => feature.mul(mask);

    /// <summary>Numbers of the features that are kept, ascending, [k] of Int64 in the caller's dispose scope.</summary>
    public Tensor Kept()
    {
        float[] kept = TensorData.ToArray(mask);
        long[] numbers = [.. Enumerable.Range(0, kept.Length).Where(f => kept[f] != 0).Select(f => (long)f)];
        return TensorData.From(numbers, [numbers.Length], mask.device);
    }
}
