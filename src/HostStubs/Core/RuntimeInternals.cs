// Licensed under the MIT License. See LICENSE in the project root for license information.

// Signatures of the host's internals about an environment: the compiler sees these, the runtime the host's own.
namespace Microsoft.ML.Runtime;

public interface IHostEnvironmentInternal
{
    bool FallbackToCpu { get; }

    int? GpuDeviceId { get; }
}
