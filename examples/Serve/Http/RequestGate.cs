// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Counts and times the requests below /v1, and refuses those that are too many at once.</summary>
internal sealed class RequestGate(RequestDelegate next, ServeMetrics metrics, IOptions<ServeOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        SetHeaders(context.Response.Headers);
        bool isWork = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (isWork && metrics.BeginRequest() > options.Value.ConcurrentRequests)
                await RefuseAsync(context);
            else
                await next(context);
        }
        finally
        {
            if (isWork)
            {
                metrics.EndRequest();
                metrics.RequestSeconds.Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            Count(context);
        }
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private Task RefuseAsync(HttpContext context)
    {
        metrics.Refused.Add("too-many-requests");
        const string Detail = "Fewer requests must be at work at once. Try again later.";
        return Problems.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, Detail, RequestProblem.Overloaded("", Detail));
    }

    private void Count(HttpContext context)
    {
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        metrics.Requests.Add(
            context.Request.Method is "GET" or "POST" or "PUT" or "DELETE" or "HEAD" ? context.Request.Method : "other",
            route,
            context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
    }
}
