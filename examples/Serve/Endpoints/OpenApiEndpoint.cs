// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>The description of the interface for programs, OpenAPI 3.1.</summary>
internal sealed class OpenApiEndpoint
{
    private static readonly byte[] _document = Read();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi.json", context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(_document, context.RequestAborted).AsTask();
    });

    private static byte[] Read()
    {
        using Stream stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
