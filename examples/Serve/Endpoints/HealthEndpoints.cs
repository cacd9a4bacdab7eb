// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Whether the process lives, and whether it should get requests.</summary>
internal sealed class HealthEndpoints(ModelHost host, IHostApplicationLifetime lifetime)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", ReadyAsync);
        routes.MapGet("/health/ready", ReadyAsync);
        routes.MapGet("/health/live", context => context.Response.WriteAsJsonAsync(
            new HealthAnswer("live", null, null, null), ServeJson.Default.HealthAnswer));
    }

    private Task ReadyAsync(HttpContext context)
    {
        string? version = host.Current?.Version;
        ReloadReport report = host.Report;
        bool isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        string status = version is null || isStopping ? "unavailable" : report.Failure is null ? "ready" : "degraded";
        if (status == "unavailable") context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        var answer = new HealthAnswer(status, version, report.At, report.Failure);
        return context.Response.WriteAsJsonAsync(answer, ServeJson.Default.HealthAnswer);
    }
}
