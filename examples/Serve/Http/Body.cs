// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace MemoryServe;

/// <summary>Reads the bodies of requests.</summary>
internal static class Body
{
    /// <summary>Reads a whole JSON body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="read">Makes something of the bytes, which are gone afterwards.</param>
    /// <exception cref="RequestProblem">The body is of another type, or is refused by <paramref name="read"/>.
    /// </exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, Func<ReadOnlySequence<byte>, T> read)
    {
        RequireJson(context.Request);
        PipeReader pipe = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await pipe.ReadAsync(context.RequestAborted);
            if (result.IsCompleted)
            {
                try
                {
                    return read(result.Buffer);
                }
                finally
                {
                    pipe.AdvanceTo(result.Buffer.End); // else the connection ends with a body that is refused
                }
            }

            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Reads a JSON body of a type.</summary>
    /// <exception cref="RequestProblem">The body is not of that type.</exception>
    public static Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, string expected)
        => ReadAsync(context, body => Parse(body, type, expected));

    private static T Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type, string expected)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            T? value = JsonSerializer.Deserialize(ref reader, type);
            if (value is not null && !reader.Read()) return value;
        }
        catch (JsonException)
        {
        }

        throw new RequestProblem(StatusCodes.Status400BadRequest, $"The body must be {expected}.");
    }

    private static void RequireJson(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (isJson) return;
        throw new RequestProblem(
            StatusCodes.Status415UnsupportedMediaType, "The body must be of type application/json in UTF-8.");
    }
}
