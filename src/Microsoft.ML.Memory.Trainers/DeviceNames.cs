// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>Names of devices in options: cpu, cuda or cuda:N.</summary>
internal static class DeviceNames
{
    public const string Accepted = "null, cpu, cuda or cuda:N";
    private const string Cuda = "cuda";

    /// <summary>Number of the CUDA device; -1 means the processor, null that there is no such name.</summary>
    public static int? CudaIndex(string? name) => name switch
    {
        null or "cpu" => -1,
        Cuda => 0,
        _ when name.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && byte.TryParse(
                name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte index)
            => index,
        _ => null,
    };

    /// <summary>Number of CUDA devices that libtorch finds.</summary>
    public static int CudaCount => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    /// <summary>Gives a device by its name.</summary>
    /// <param name="name">Name of the device; null is the processor.</param>
    /// <param name="option">The option that says it, for messages.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    /// <exception cref="InvalidOperationException">The machine has no such device.</exception>
    public static torch.Device Find(string? name, string option)
    {
        int index = CudaIndex(name)
            ?? throw new ArgumentException($"{option} must be {Accepted}. Got {name}.", nameof(name));
        if (index < 0) return torch.CPU;
        int count = CudaCount;
        if (index < count) return torch.device(DeviceType.CUDA, index);
        throw new InvalidOperationException($"{option} must be a device that libtorch finds. "
            + $"Got {name} where it finds {count} CUDA devices. "
            + "Use cpu, or TorchSharp-cuda-linux or -windows on a machine with such a device and its driver.");
    }
}
