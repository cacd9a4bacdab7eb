// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>Where and how an index multiplies.</summary>
internal sealed record DeviceSettings(torch.Device Device, VectorEncoding Encoding, Metric Metric, int Dimension)
{
    private const double HalfRounding = (1.0 / (1 << 11)) + (1.0 / (1 << 20)); // of a result; the rest is underflow
    private const double TensorFloatRounding = (1.0 / (1 << 9)) + (1.0 / (1 << 18)); // two operands cut to 10 bits

    /// <summary>True where half-precision codes are multiplied as they are, summed in single precision.</summary>
    public bool MultipliesHalves => Encoding == VectorEncoding.Half && IsCuda
        && !torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction;

    /// <summary>True on an accelerator.</summary>
    public bool IsCuda => Device.type == DeviceType.CUDA;

    /// <summary>
    /// Gives what a product loses, relative to the norms of both, beside the rounding of single precision.
    /// </summary>
    /// <param name="multipliesHalves">Whether halves are multiplied as they are.</param>
    /// <param name="lostOfQuery">What the query loses then, relative to its norm.</param>
    public double Precision(bool multipliesHalves, double lostOfQuery) =>
        multipliesHalves
            ? HalfRounding + (lostOfQuery * (1 + HalfRounding))
            : IsCuda && torch.backends.cuda.matmul.allow_tf32 ? TensorFloatRounding : 0;
}
