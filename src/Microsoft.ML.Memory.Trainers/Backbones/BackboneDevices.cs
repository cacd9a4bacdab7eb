// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>Chooses where a backbone runs, by the host's settings.</summary>
internal static class BackboneDevices
{
    /// <summary>Gives the backbone, or its copy on the GPU that the host names.</summary>
    /// <exception cref="InvalidOperationException">There is no such GPU, and the host may not do without.</exception>
    public static Backbone Chosen(Backbone backbone, IHostEnvironment environment, IChannel channel)
    {
        (int? id, bool fallback) = HostAccess.GpuOf(environment);
        if (id is not { } number) return backbone;

        int count = DeviceNames.CudaCount;
        if (number >= 0 && number < count) return backbone.On(torch.device(DeviceType.CUDA, number));

        string what = $"MLContext.GpuDeviceId must be the number of a CUDA device, below {count}. Got {number}.";
        if (!fallback)
            throw new InvalidOperationException($"{what} Set it to null, or MLContext.FallbackToCpu to true.");
        channel.Warning(MessageSensitivity.None, $"{what} The CPU is used.");
        return backbone.On(torch.CPU);
    }
}
