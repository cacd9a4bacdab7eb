// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The server of examples/Serve as a process of its own.</summary>
internal sealed class ServeProcess : IDisposable
{
    public const string Key = "a key for the bench only";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ServeProcess(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
        Http = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    public IPEndPoint Address { get; }

    public HttpClient Http { get; }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="model">Path of the model file.</param>
    /// <param name="settings">More settings, such as BatchRows=1.</param>
    public static ServeProcess Start(string model, params string[] settings)
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        string program = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(
            program,
            [
                Path.Combine(AppContext.BaseDirectory, "Serve.dll"),
                $"--urls=http://{address}",
                $"--Serve:Model={model}",
                "--Serve:ReloadInterval=00:00:00.2",
                "--Logging:LogLevel:Default=Error",
                .. settings.Select(setting => "--Serve:" + setting),
            ]);
        start.Environment["Serve__ApiKey"] = Key;
        var server = new ServeProcess(Process.Start(start)!, address);
        server.WaitUntilReady();
        return server;
    }

    /// <summary>Gives the version of the model that serves.</summary>
    public string Version()
    {
        using JsonDocument health = JsonDocument.Parse(Http.GetStringAsync("/health").GetAwaiter().GetResult());
        return health.RootElement.GetProperty("version").GetString()!;
    }

    /// <summary>Bytes of memory that the process has.</summary>
    public long MemoryBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Reads a metric.</summary>
    public double Metric(string name)
    {
        string text = Http.GetStringAsync("/metrics").GetAwaiter().GetResult();
        string? line = text.Split('\n').FirstOrDefault(each => each.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilReady()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < _patience && !_process.HasExited)
        {
            try
            {
                using HttpResponseMessage answer = Http.GetAsync("/health/ready").GetAwaiter().GetResult();
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
            }

            Thread.Sleep(50);
        }

        throw new InvalidOperationException("The server must become ready. It did not.");
    }
}
