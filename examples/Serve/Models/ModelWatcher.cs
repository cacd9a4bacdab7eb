// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Loads the model file at the start, and again whenever it has changed and come to rest.</summary>
/// <remarks>
/// The file is looked at from time to time, since notices of changes get lost on network drives and in containers. A
/// file counts as at rest when two looks find it the same; one that is no model leaves the former model at work.
/// </remarks>
internal sealed partial class ModelWatcher(
    ModelLoader loader, ModelHost host, ServeMetrics metrics, IOptions<ServeOptions> options, ILogger<ModelWatcher> log)
    : BackgroundService
{
    private const string Unreadable
        = "The model file and the folder of its memory must be readable, and open in one process only.";

    private FileStamp? _tried;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        TryLoad(loader.Stamp());
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadInterval);
        FileStamp? former = _tried;
        while (await WaitAsync(timer, stoppingToken))
        {
            FileStamp? stamp = loader.Stamp();
            if (host.Current is { Store.Changes.IsBroken: true }) await ReopenAsync(stamp);
            else if (stamp is not null && stamp == former && stamp != _tried) TryLoad(stamp);
            former = stamp;
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Closes a memory whose file could not be written, and opens it again.</summary>
    private async Task ReopenAsync(FileStamp? stamp)
    {
        await host.RetireAsync();
        TryLoad(stamp);
    }

    private void TryLoad(FileStamp? stamp)
    {
        try
        {
            _tried = stamp;
            if (stamp is null) throw new InvalidDataException("The model file must be there. Got none.");
            if (loader.Load(host.Current?.Version) is { } deployment)
            {
                host.Exchange(deployment);
                metrics.ModelLoads.Add("loaded");
                LogLoaded(deployment.Version);
            }

            host.Report = new ReloadReport(DateTimeOffset.UtcNow, null);
        }
        catch (Exception reason) when (reason is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            string failure = reason is InvalidDataException ? reason.Message : Unreadable;
            host.Report = new ReloadReport(DateTimeOffset.UtcNow, failure);
            if (reason is not InvalidDataException) _tried = null; // another time it may go well
            metrics.ModelLoads.Add("failed");
            LogFailed(reason, Path.GetFullPath(options.Value.Model), failure);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model {Version} serves from now on.")]
    private partial void LogLoaded(string version);

    [LoggerMessage(LogLevel.Error, "The model file {Path} was not taken: {Failure}")]
    private partial void LogFailed(Exception reason, string path, string failure);
}
