// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>First values of trained tensors, drawn on the host: a seed gives the same on every device.</summary>
internal static class TensorInit
{
    /// <summary>Draws from a normal distribution around 0.</summary>
    public static Tensor Normal(SeededRandom random, ReadOnlySpan<long> shape, double deviation, Device device) =>
        Filled(shape, device, () => random.NextGaussian() * deviation);

    /// <summary>Draws from a normal distribution around 0, again where a value is beyond two deviations.</summary>
    public static Tensor TruncatedNormal(
        SeededRandom random, ReadOnlySpan<long> shape, double deviation, Device device)
    {
        double Next()
        {
            double value;
            do value = random.NextGaussian();
            while (Math.Abs(value) > 2);
            return value * deviation;
        }

        return Filled(shape, device, Next);
    }

    /// <summary>Draws evenly from [-bound, bound).</summary>
    public static Tensor Uniform(SeededRandom random, ReadOnlySpan<long> shape, double bound, Device device) =>
        Filled(shape, device, () => ((2 * random.NextDouble()) - 1) * bound);

    /// <summary>Draws a weight [out, in] evenly from ±1/sqrt(in), as the field's linear layers start.</summary>
    public static Tensor Linear(SeededRandom random, long outputs, long inputs, Device device) =>
        Uniform(random, [outputs, inputs], 1 / Math.Sqrt(inputs), device);

    /// <summary>Draws tokens [n, D] evenly from ±sqrt(6 / (p + D)), p the numbers of a patch; D for texts.</summary>
    public static Tensor Tokens(SeededRandom random, long count, BackboneConfig config, Device device)
    {
        double width = config.HiddenSize;
        double patch = config.IsImage ? config.ChannelCount * (double)config.PatchSize * config.PatchSize : width;
        return Uniform(random, [count, config.HiddenSize], Math.Sqrt(6 / (patch + width)), device);
    }

    private static Tensor Filled(ReadOnlySpan<long> shape, Device device, Func<double> next)
    {
        using var scope = NewDisposeScope();
        Tensor tensor = empty(shape.ToArray(), float32);
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(tensor.bytes)) value = (float)next();
        return tensor.to(device).MoveToOuterDisposeScope();
    }
}
