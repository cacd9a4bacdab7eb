// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MemoryServe;

/// <summary>The inspector's page; it holds nothing of the memory, so it needs no key.</summary>
internal sealed class PageEndpoint(PageFiles files)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/inspector", ShowAsync);
        routes.MapGet(
            "/inspector/{file}", context => WriteAsync(context, (string)context.Request.RouteValues["file"]!));
    }

    private Task ShowAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.EndsWith('/')) return WriteAsync(context, PageFiles.First);

        // A relative address also leads there behind a proxy that serves all of this below a folder.
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = "inspector/";
        return Task.CompletedTask;
    }

    private Task WriteAsync(HttpContext context, string name)
    {
        PageFile file = files.Find(name) ?? throw new RequestProblem(
            StatusCodes.Status404NotFound,
            files.HasPage
                ? "The path must be one of those in /openapi.json. It is not."
                : "The inspector's page must be built into the server. It is not. "
                    + "Install npm and build examples/Serve again.");
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (IsKnown(context.Request.Headers.IfNoneMatch, file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Content.Length;
        return context.Response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }

    private static bool IsKnown(StringValues tags, string tag)
        => EntityTagHeaderValue.TryParseList(tags, out IList<EntityTagHeaderValue>? known)
            && known.Any(each => each.Tag == "*" || each.Tag == tag);
}
