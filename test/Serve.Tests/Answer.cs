// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>What a server answered.</summary>
internal sealed record Answer(int Status, string Text, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>Checks that the answer is a problem document, and exactly this one.</summary>
    public void AssertProblem(int status, string title, string detail)
    {
        Assert.AreEqual(status, Status, Text);
        Assert.AreEqual("application/problem+json", ContentType);
        Assert.AreEqual(
            new JsonObject { ["title"] = title, ["status"] = status, ["detail"] = detail }.ToJsonString(),
            Json.ToJsonString());
    }
}
