// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Runtime;

/// <summary>What only components see of an environment.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}
