// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Counts and times the requests below /v1, and refuses those that are too many at once.</summary>
internal sealed class RequestGate(RequestDelegate next, ServeMetrics metrics, IOptions<ServeOptions> options)
{
    private long _bodiesBytes;

    public async Task InvokeAsync(HttpContext context)
    {
        SetHeaders(context.Response.Headers);

        // routes are found whatever the case of a path is
        bool isWork = context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);
        if (isWork) await WorkAsync(context);
        else await next(context);
        Count(context);
    }

    private async Task WorkAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = BodyBytesOf(context);
        try
        {
            bool isOne = metrics.BeginRequest() <= options.Value.ConcurrentRequests;
            bool isRoom = Interlocked.Add(ref _bodiesBytes, bytes) <= options.Value.BodiesBytes;
            if (isOne && isRoom) await next(context);
            else await RefuseAsync(context, isOne ? "bodies" : "too-many-requests");
        }
        finally
        {
            Interlocked.Add(ref _bodiesBytes, -bytes);
            metrics.EndRequest();
            metrics.RequestSeconds.Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>Gives the bytes that a body may have; one of unknown length may have all that are allowed.</summary>
    private long BodyBytesOf(HttpContext context)
    {
        bool hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        return hasBody ? Math.Min(context.Request.ContentLength ?? long.MaxValue, options.Value.BodyBytes) : 0;
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

    private Task RefuseAsync(HttpContext context, string reason)
    {
        metrics.Refused.Add(reason);
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
