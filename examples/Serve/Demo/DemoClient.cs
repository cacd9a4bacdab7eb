// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>Asks a server as any program would: JSON over HTTP.</summary>
internal sealed class DemoClient(Uri address, string key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Gives a key that nobody can guess.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Sends a request with the key.</summary>
    /// <returns>The status, and the body where it is JSON.</returns>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.SendAsync(request);
        bool isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, isJson ? JsonNode.Parse(content) : JsonValue.Create(content.Length));
    }

    public void Dispose() => _http.Dispose();
}
