// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Settings of a <see cref="TorchVectorIndex"/>; <c>new TorchVectorIndexOptions()</c> is valid.</summary>
public sealed record TorchVectorIndexOptions
{
    private const string Cuda = "cuda";

    /// <summary>
    /// Device that multiplies: cpu, cuda (the first one) or cuda:N; null (the default) means cpu.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// How the device holds the vectors; it never changes a result. Default <see cref="VectorEncoding.Single"/>.
    /// </summary>
    public VectorEncoding Encoding { get; init; }

    /// <summary>Checks every setting and reports all that are out of range at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        var violations = new OptionViolations(nameof(TorchVectorIndexOptions));
        violations.Require(CudaIndex is not null, nameof(Device), "null, cpu, cuda or cuda:N", Device);
        violations.Require(Enum.IsDefined(Encoding), nameof(Encoding), "an encoding", (int)Encoding);
        violations.ThrowIfAny();
    }

    /// <summary>Number of the CUDA device; -1 means the processor, null that there is no such device.</summary>
    internal int? CudaIndex => Device switch
    {
        null or "cpu" => -1,
        Cuda => 0,
        _ when Device.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && byte.TryParse(
                Device.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte index)
            => index,
        _ => null,
    };
}
