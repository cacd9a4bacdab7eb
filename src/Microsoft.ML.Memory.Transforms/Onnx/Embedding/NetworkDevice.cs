// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Where a network runs: on a GPU, or on some of the processors.</summary>
/// <param name="GpuId">Number of the GPU; null is the CPU.</param>
/// <param name="ThreadCount">Threads of the CPU; null is what the runtime chooses.</param>
internal sealed record NetworkDevice(int? GpuId, int? ThreadCount)
{
    /// <summary>Chooses by options and host, and tries the GPU where it is one.</summary>
    /// <exception cref="InvalidOperationException">The GPU cannot be used, and the CPU is not to be.</exception>
    public static NetworkDevice Chosen(EmbedOnnxOptions options, IHostEnvironment environment, IChannel channel)
    {
        (int? id, bool fallback) = HostAccess.GpuOf(environment);
        var device = new NetworkDevice(options.GpuDeviceId ?? id, options.ThreadCount);
        if (device.GpuId is not { } number || WhyNot(device) is not { } reason) return device;

        string setting = options.GpuDeviceId is null ? "MLContext.GpuDeviceId" : "EmbedOnnxOptions.GpuDeviceId";
        string what = $"{setting} must be the number of a GPU that ONNX Runtime can use. Got {number}: {reason}";
        if (!(options.FallbackToCpu ?? fallback))
        {
            throw new InvalidOperationException(
                $"{what} Add the package Microsoft.ML.OnnxRuntime.Gpu on a machine with CUDA, or set FallbackToCpu.");
        }

        channel.Warning(MessageSensitivity.None, $"{what} The CPU is used.");
        return device with { GpuId = null };
    }

    /// <summary>Makes the options of a session; its errors come as exceptions, and nothing is printed.</summary>
    public SessionOptions CreateOptions()
    {
        var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            if (ThreadCount is { } threads) options.IntraOpNumThreads = threads;
            if (GpuId is { } id) options.AppendExecutionProvider_CUDA(id);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static string? WhyNot(NetworkDevice device)
    {
        try
        {
            device.CreateOptions().Dispose();
            return null;
        }
        catch (Exception error) when (NetworkFailure.IsMissingLibrary(error))
        {
            return IsRuntimeMissing() ? throw NetworkFailure.MissingLibrary(error) : Sentence(error);
        }
        catch (OnnxRuntimeException error)
        {
            return Sentence(error);
        }
    }

    private static bool IsRuntimeMissing()
    {
        try
        {
            new SessionOptions().Dispose();
            return false;
        }
        catch (Exception error) when (NetworkFailure.IsMissingLibrary(error))
        {
            return true;
        }
    }

    private static string Sentence(Exception error) => error.Message.TrimEnd('.') + ".";
}
