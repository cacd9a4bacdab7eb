// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.WebUtilities;

namespace MemoryServe;

/// <summary>Turns whatever goes wrong into a problem document without a detail of the server.</summary>
internal sealed partial class Problems(RequestDelegate next, ServeMetrics metrics, ILogger<Problems> log)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && IsEmpty(context.Response))
                await WriteAsync(context, context.Response.StatusCode, DetailOf(context));
        }
        catch (RequestProblem problem) when (!context.Response.HasStarted)
        {
            if (problem.Overload is { } reason) metrics.Refused.Add(reason);
            await WriteAsync(context, problem.Status, problem.Message, problem);
        }
        catch (Exception error) when (IsClientGone(context, error))
        {
            metrics.Cancelled.Add();
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, error.StatusCode, DetailOf(error.StatusCode));
        }
        catch (Exception error) when (!IsTimeout(context))
        {
            LogFailure(error, context.TraceIdentifier);
            if (context.Response.HasStarted) context.Abort();
            else await WriteAsync(context, 500, "The server must not fail, but did. Its log tells more.");
        }
    }

    /// <summary>Writes a problem document.</summary>
    public static async Task WriteAsync(
        HttpContext context, int status, string detail, RequestProblem? problem = null)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        if (problem?.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        var document = new ProblemDocument(ReasonPhrases.GetReasonPhrase(status), status, detail, problem?.Errors);
        await response.WriteAsJsonAsync(document, ServeJson.Default.ProblemDocument, "application/problem+json");
    }

    private static bool IsEmpty(HttpResponse response)
        => response.ContentLength is null or 0 && string.IsNullOrEmpty(response.ContentType);

    private static string DetailOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "The path must be one of those in /openapi.json. It is not.",
        StatusCodes.Status405MethodNotAllowed =>
            $"The method must be {context.Response.Headers.Allow}. Got {context.Request.Method}.",
        int status => DetailOf(status),
    };

    private static string DetailOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body must be smaller. Send it in parts.",
        StatusCodes.Status408RequestTimeout => "The request must come faster. It took too long.",
        _ => "The request must be valid HTTP. It is not.",
    };

    private static bool IsClientGone(HttpContext context, Exception error)
        => error is ConnectionResetException
            || (context.RequestAborted.IsCancellationRequested
                && error is OperationCanceledException or IOException
                && !IsTimeout(context));

    // The middleware that set the time limit catches its end and answers it.
    private static bool IsTimeout(HttpContext context)
        => context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;

    [LoggerMessage(LogLevel.Error, "Request {Id} failed.")]
    private partial void LogFailure(Exception error, string id);
}
