// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of a <see cref="TorchVectorIndex"/>; <c>new TorchVectorIndexOptions()</c> is valid.</summary>
public sealed record TorchVectorIndexOptions
{

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
        violations.Require(DeviceNames.CudaIndex(Device) is not null, nameof(Device), DeviceNames.Accepted, Device);
        violations.Require(Enum.IsDefined(Encoding), nameof(Encoding), "an encoding", (int)Encoding);
        violations.ThrowIfAny();
    }
}
